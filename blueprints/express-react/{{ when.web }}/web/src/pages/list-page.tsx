import { useState } from 'react';
import { catalogue } from '../catalogue.js';
import { Button, ButtonLink } from '../components/button.js';
import { Filters } from '../components/filters.js';
import { PageHeading } from '../components/page-heading.js';
import { PageTurner } from '../components/page-turner.js';
import { Rows } from '../components/rows.js';
import { SearchField } from '../components/search-field.js';
import { SortChoice } from '../components/sort-choice.js';
import { Empty, Failure, Loading } from '../components/states.js';
import { useListQuery } from '../list-query.js';
import { useIsNarrow } from '../narrow.js';
import { usePage } from '../queries.js';
import type { Resource } from '../resource.js';

/** The rows of a resource: searched, narrowed, sorted, page by page. */
export function ListPage({ resource }: { readonly resource: Resource }) {
  const { title, plural, path, isCreated } = catalogue[resource.name];
  const { list } = resource;
  const asked = useListQuery(resource);
  const { data: page, error, isPlaceholderData, refetch } = usePage(resource, asked.query);
  const count = Object.keys(asked.filters).length;
  const [isFiltering, setFiltering] = useState(count > 0);
  const isNarrow = useIsNarrow();
  const isNarrowed = count > 0 || asked.search !== '';
  const hasFilters = Object.keys(list?.filters ?? {}).length > 0;
  const hasSorts = isNarrow && (list?.sorts.length ?? 0) > 0;
  const creation = isCreated && (
    <ButtonLink to={`${path}/new`} look="primary">
      {`New ${title.toLowerCase()}`}
    </ButtonLink>
  );
  return (
    <>
      <PageHeading title={plural}>{creation}</PageHeading>
      {(list?.hasSearch || hasFilters || hasSorts) && (
        <div className="mb-4 space-y-3">
          <div className="flex flex-wrap items-center gap-2">
            {list?.hasSearch && (
              <SearchField
                label={`Search ${plural.toLowerCase()}`}
                value={asked.search}
                onChange={(search) => asked.change({ search })}
              />
            )}
            {hasFilters && (
              <Button aria-expanded={isFiltering} onClick={() => setFiltering(!isFiltering)}>
                {count > 0 ? `Filters (${count})` : 'Filters'}
              </Button>
            )}
            {isNarrowed && (
              <Button look="quiet" onClick={asked.clear}>
                Clear
              </Button>
            )}
            {hasSorts && (
              <SortChoice
                resource={resource}
                sort={asked.sort}
                onSort={(sort) => asked.change({ sort })}
              />
            )}
          </div>
          {isFiltering && hasFilters && <Filters resource={resource} asked={asked} />}
        </div>
      )}
      {page === undefined && error === null && <Loading />}
      {page === undefined && error !== null && (
        <Failure error={error} onRetry={() => void refetch()} />
      )}
      {page !== undefined && (
        <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : ''}>
          {page.items.length === 0 ? (
            <Empty
              title={isNarrowed ? 'Nothing matches.' : `There are no ${plural.toLowerCase()} yet.`}
            >
              {isNarrowed ? <Button onClick={asked.clear}>Clear</Button> : creation}
            </Empty>
          ) : (
            <Rows
              resource={resource}
              rows={page.items}
              sort={asked.sort}
              onSort={(sort) => asked.change({ sort })}
            />
          )}
          {(page.items.length > 0 || asked.offset > 0) && <PageTurner page={page} asked={asked} />}
        </div>
      )}
    </>
  );
}
