import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { catalogue } from '../catalogue.js';
import { codeOf, messageOf } from '../problem.js';
import { call, type Page } from '../queries.js';
import type { Panel, Resource, Row } from '../resource.js';
import { Facts } from './facts.js';
import { Rows } from './rows.js';
import { Failure, Loading } from './states.js';

interface PanelsProps {
  readonly resource: Resource;
  readonly row: Row;
}

/** What the API tells of a row beside the row itself: a part of its page each. */
export function Panels({ resource, row }: PanelsProps) {
  return resource.panels.map((panel) => (
    <AnswerPanel key={panel.name} resource={resource} row={row} panel={panel} />
  ));
}

interface AnswerPanelProps extends PanelsProps {
  readonly panel: Panel;
}

function AnswerPanel({ resource, row, panel }: AnswerPanelProps) {
  const id = useId();
  const path = Object.fromEntries(
    Object.entries(panel.path).map(([name, member]) => [name, row[member]]),
  );
  const { data, error, refetch } = useQuery({
    queryKey: [resource.name, 'panel', panel.name, path],
    queryFn: async () => {
      const [answer, of] = await Promise.all([
        call<unknown>(panel.run, path),
        panel.of === undefined ? undefined : catalogue[panel.of].load(),
      ]);
      return { ...rowsOf(panel, answer), of };
    },
  });
  return (
    <section aria-labelledby={id} className="mt-8">
      <h2 id={id} className="mb-3 font-semibold text-lg [overflow-wrap:anywhere]">
        {panel.title}
      </h2>
      {data === undefined ? (
        <Missing error={error} onRetry={() => void refetch()} />
      ) : (
        <Answered panel={panel} {...data} />
      )}
    </section>
  );
}

interface Answer {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

function rowsOf({ gives }: Panel, answer: unknown): Answer {
  if (gives === 'one') {
    return { rows: [answer as Row], hasMore: false };
  }
  if (gives === 'list') {
    return { rows: answer as Row[], hasMore: false };
  }
  const { items, total = 0, next = null } = answer as Page;
  return { rows: items, hasMore: next !== null || total > items.length };
}

interface AnsweredProps extends Answer {
  readonly panel: Panel;
  readonly of: Resource | undefined;
}

function Answered({ panel, rows, hasMore, of }: AnsweredProps): ReactNode {
  if (rows.length === 0) {
    return <Nothing />;
  }
  return (
    <div className="space-y-3">
      {of === undefined ? (
        rows.map((row) => <Facts key={JSON.stringify(row)} fields={panel.fields} row={row} />)
      ) : (
        <Rows title={panel.title} resource={of} rows={rows} />
      )}
      {hasMore && <p className="text-muted text-sm">There are more than these.</p>}
    </div>
  );
}

interface MissingProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

function Missing({ error, onRetry }: MissingProps) {
  if (error === null) {
    return <Loading />;
  }
  switch (codeOf(error)) {
    case 'NOT_FOUND':
      return <Nothing />;
    case 'NOT_IMPLEMENTED':
      return <p className="text-muted">{messageOf(error)}</p>;
    default:
      return <Failure error={error} onRetry={onRetry} />;
  }
}

function Nothing() {
  return <p className="text-muted">There is nothing now.</p>;
}
