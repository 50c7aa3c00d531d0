import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { catalogue, type ResourceName } from '../catalogue.js';
import { digitsOf, durationText } from '../codecs.js';
import { type Field, humanized } from '../field.js';
import { useReferred } from '../queries.js';
import { addressOf, labelOf, type Row } from '../resource.js';

interface ValueProps {
  readonly field: Field;
  readonly value: unknown;
}

/** A value as people read it. */
export function Value({ field, value }: ValueProps): ReactNode {
  if (value === null || value === undefined || value === '') {
    return <span className="text-muted">–</span>;
  }
  switch (field.kind) {
    case 'choice':
      return <Badge text={humanized(String(value))} />;
    case 'flag':
    case 'optionalFlag':
      return value === true ? 'Yes' : 'No';
    case 'integer':
      return Number(value).toLocaleString();
    case 'date':
      return <time dateTime={String(value)}>{dayText(String(value))}</time>;
    case 'instant':
      return <time dateTime={String(value)}>{momentText(String(value))}</time>;
    case 'time':
      return String(value).replace(/:00$/, '');
    case 'duration':
      return durationText(Number(value));
    case 'money':
      return moneyText(value as { amount: number; currency: string });
    case 'email':
      return (
        <a href={`mailto:${String(value)}`} className="hover:underline">
          {String(value)}
        </a>
      );
    case 'url':
      return <OuterLink url={String(value)} />;
    case 'reference':
      return <Referred to={field.to} id={String(value)} />;
    case 'references':
      return <Several items={value} of={(item) => <Referred to={field.to} id={String(item)} />} />;
    case 'list':
      return <Several items={value} of={(item) => <Value field={itemOf(field)} value={item} />} />;
    case 'rows':
      return <Several items={[value].flat()} of={(item) => nameOf(item as Row)} />;
    case 'json':
      return <pre className="overflow-x-auto text-xs">{JSON.stringify(value, null, 2)}</pre>;
    default:
      return String(value);
  }
}

function OuterLink({ url }: { readonly url: string }) {
  return /^https?:/.test(url) ? (
    <a href={url} rel="noreferrer" className="hover:underline">
      {url}
    </a>
  ) : (
    url
  );
}

function Badge({ text }: { readonly text: string }) {
  return (
    <span className="inline-block rounded-full border border-line bg-hover px-2.5 py-0.5 text-xs">
      {text}
    </span>
  );
}

function itemOf(field: Field): Field {
  return field.of ?? { kind: 'text', title: field.title };
}

interface SeveralProps {
  readonly items: unknown;
  readonly of: (item: unknown) => ReactNode;
}

function Several({ items, of }: SeveralProps) {
  const all = Array.isArray(items) ? items : [];
  return all.length === 0 ? (
    <span className="text-muted">–</span>
  ) : (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {all.map((item) => (
        <li key={JSON.stringify(item)}>{of(item)}</li>
      ))}
    </ul>
  );
}

/** The row that a value refers to, by its name, and the way to it. */
function Referred({ to, id }: { readonly to: ResourceName | undefined; readonly id: string }) {
  const { resource, row } = useReferred(to, id);
  if (to === undefined || resource === undefined || row === undefined) {
    return <span className="break-all text-muted">{id}</span>;
  }
  const label = labelOf(resource, row);
  return resource.get === undefined ? (
    label
  ) : (
    <Link
      to={`${catalogue[to].path}/${addressOf(resource.key, row)}`}
      className="underline decoration-edge underline-offset-2 hover:decoration-current"
    >
      {label}
    </Link>
  );
}

/** The first text that a row has beside its key. */
function nameOf(row: Row): string {
  const { id, ...rest } = row;
  const text = Object.values(rest).find((value) => typeof value === 'string' && value !== '');
  return String(text ?? id ?? '');
}

function dayText(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, {
    dateStyle: 'medium',
    timeZone: 'UTC',
  });
}

function momentText(moment: string): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function moneyText({ amount, currency }: { amount: number; currency: string }): string {
  const value = amount / 10 ** digitsOf(currency);
  try {
    return value.toLocaleString(undefined, { style: 'currency', currency });
  } catch {
    return `${value} ${currency}`;
  }
}
