import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { catalogue } from '../catalogue.js';
import { PageHeading } from '../components/page-heading.js';
import { ResourceForm } from '../components/resource-form.js';
import { fieldsOf, rawValuesOf } from '../form-input.js';
import { useWrite } from '../queries.js';
import { addressOf, labelOf, type Resource, type Row } from '../resource.js';
import { tell } from '../toasts.js';
import { NotFoundPage } from './not-found-page.js';

/** A form that makes a row of a resource. */
export function CreatePage({ resource }: { readonly resource: Resource }) {
  const { title, plural, path, isShown, isListed } = catalogue[resource.name];
  const navigate = useNavigate();
  const { create } = resource;
  const { mutateAsync } = useWrite<Row>(create?.run, { leaves: true });
  const initial = useMemo(
    () => (create ? rawValuesOf(fieldsOf(resource.fields, create.input), create.input) : {}),
    [resource, create],
  );
  if (create === undefined) {
    return <NotFoundPage />;
  }
  const above = isListed ? path : '/';
  return (
    <>
      <PageHeading title={`New ${title.toLowerCase()}`} above={{ title: plural, path: above }} />
      <div className="max-w-2xl rounded-xl border border-line bg-surface p-5 sm:p-8">
        <ResourceForm
          fields={fieldsOf(resource.fields, create.input)}
          input={create.input}
          initial={initial}
          action="Create"
          onCancel={() => navigate(above)}
          onSend={async (input) => {
            const row = await mutateAsync(input);
            const isThere = isShown && resource.key.every((name) => row?.[name] !== undefined);
            tell(isThere ? `${labelOf(resource, row)} was created` : `${title} was created`);
            await navigate(isThere ? `${path}/${addressOf(resource.key, row)}` : above);
          }}
        />
      </div>
    </>
  );
}
