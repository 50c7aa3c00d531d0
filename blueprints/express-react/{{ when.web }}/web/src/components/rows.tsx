import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { catalogue } from '../catalogue.js';
import type { Field, Kind } from '../field.js';
import { useIsNarrow } from '../narrow.js';
import { addressOf, labelOf, type Resource, type Row } from '../resource.js';
import { Value } from './value.js';

interface RowsProps {
  readonly resource: Resource;
  readonly rows: readonly Row[];
  /** What they are; otherwise all of the resource are meant. */
  readonly title?: string;
  readonly sort?: string;
  /** Where they can be sorted: sorts them. */
  readonly onSort?: (sort: string) => void;
}

const NUMBERS: readonly Kind[] = ['integer', 'decimal', 'money', 'duration'];

/** Rows as a table, and as cards where there is no room for one. */
export function Rows(props: RowsProps) {
  return useIsNarrow() ? <Cards {...props} /> : <Table {...props} />;
}

function columnsOf(resource: Resource): [string, Field][] {
  return (resource.list?.columns ?? []).flatMap((name) => {
    const field = resource.fields[name];
    return field === undefined ? [] : [[name, field]];
  });
}

function Table({ resource, rows, title, sort, onSort }: RowsProps) {
  const columns = columnsOf(resource);
  return (
    <div className="overflow-x-auto rounded-xl border border-line bg-surface">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{title ?? catalogue[resource.name].plural}</caption>
        <thead>
          <tr className="border-line border-b">
            {columns.map(([name, field]) => (
              <ColumnHeading
                key={name}
                field={field}
                direction={
                  sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none'
                }
                onSort={
                  onSort !== undefined && resource.list?.sorts.includes(name) === true
                    ? () => onSort(sort === name ? `-${name}` : name)
                    : undefined
                }
              />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={addressOf(resource.key, row)} className="hover:bg-hover">
              {columns.map(([name, field], index) => (
                <td key={name} className={`px-4 py-3 align-top ${alignment(field)}`}>
                  <Cell resource={resource} row={row} name={name} isFirst={index === 0} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignment({ kind }: Field): string {
  return NUMBERS.includes(kind) ? 'text-right tabular-nums' : '';
}

interface ColumnHeadingProps {
  readonly field: Field;
  readonly direction: 'ascending' | 'descending' | 'none';
  readonly onSort: (() => void) | undefined;
}

const ARROWS = { ascending: '↑', descending: '↓', none: '↕' } as const;

function ColumnHeading({ field, direction, onSort }: ColumnHeadingProps) {
  const shape = `px-4 py-2.5 font-medium text-muted whitespace-nowrap ${alignment(field)}`;
  if (onSort === undefined) {
    return (
      <th scope="col" className={shape}>
        {field.title}
      </th>
    );
  }
  return (
    <th scope="col" aria-sort={direction} className={shape}>
      <button type="button" onClick={onSort} className="-mx-1 rounded px-1 hover:text-ink">
        {field.title}
        <span aria-hidden="true" className={direction === 'none' ? 'opacity-50' : 'text-accent'}>
          {` ${ARROWS[direction]}`}
        </span>
      </button>
    </th>
  );
}

function Cards({ resource, rows }: RowsProps) {
  const [first, ...others] = columnsOf(resource);
  return (
    <ul className="space-y-3">
      {rows.map((row) => (
        <li
          key={addressOf(resource.key, row)}
          className="rounded-xl border border-line bg-surface p-4 text-sm"
        >
          {first !== undefined && (
            <p className="mb-2 text-base">
              <Cell resource={resource} row={row} name={first[0]} isFirst />
            </p>
          )}
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
            {others.map(([name, field]) => (
              <div key={name} className="col-span-2 grid grid-cols-subgrid">
                <dt className="text-muted">{field.title}</dt>
                <dd className="min-w-0 text-right [overflow-wrap:anywhere]">
                  <Value field={field} value={row[name]} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

interface CellProps {
  readonly resource: Resource;
  readonly row: Row;
  readonly name: string;
  readonly isFirst: boolean;
}

/** A value of a row; the first one leads to the row. */
function Cell({ resource, row, name, isFirst }: CellProps): ReactNode {
  const field = resource.fields[name];
  if (field === undefined) {
    return null;
  }
  if (!isFirst || resource.get === undefined) {
    return <Value field={field} value={row[name]} />;
  }
  return (
    <Link
      to={`${catalogue[resource.name].path}/${addressOf(resource.key, row)}`}
      className="font-medium text-accent [overflow-wrap:anywhere] hover:underline"
    >
      {name === resource.label ? labelOf(resource, row) : 'Open'}
    </Link>
  );
}
