import type { z } from 'zod';
import type { ResourceName } from './catalogue.js';
import type { Endpoint } from './client.js';
import type { Field } from './field.js';

export type Row = Readonly<Record<string, unknown>>;

/** An operation, whatever its input and answer are. */
export type Run = Endpoint<never, unknown>;

/** A form and where what is filled in goes. */
export interface Sending {
  readonly run: Run;
  /** The shape of the contract that both sides check. */
  readonly input: z.ZodObject;
}

/** Something that can be done with a row beside changing it. */
export interface Action {
  readonly name: string;
  readonly title: string;
  readonly run: Run;
  /** The input that the path names, by the members of the row that it is taken from. */
  readonly path: Readonly<Record<string, string>>;
  readonly input?: z.ZodObject;
  readonly fields?: Readonly<Record<string, Field>>;
  /** The values of a field in which it can be done. */
  readonly when?: Readonly<Record<string, readonly string[]>>;
}

/** Something that the API tells of a row beside the row itself, shown on its page. */
export interface Panel {
  readonly name: string;
  readonly title: string;
  readonly run: Run;
  /** The input that the path names, by the members of the row that it is taken from. */
  readonly path: Readonly<Record<string, string>>;
  readonly gives: 'one' | 'list' | 'page';
  /** The resource whose rows the answer has. */
  readonly of?: ResourceName;
  /** What the answer has, where it has no rows of a resource. */
  readonly fields: Readonly<Record<string, Field>>;
}

export interface Filter {
  readonly field: string;
  readonly by: 'equal' | 'from' | 'before';
}

export interface Resource {
  readonly name: ResourceName;
  /** The members of the key of a row. */
  readonly key: readonly string[];
  /** The field that a row is called by. */
  readonly label: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly isVersioned: boolean;
  readonly list?: {
    readonly run: Run;
    readonly columns: readonly string[];
    readonly filters: Readonly<Record<string, Filter>>;
    readonly hasSearch: boolean;
    readonly sorts: readonly string[];
    readonly pages: 'offset' | 'cursor';
  };
  readonly get?: Run;
  readonly create?: Sending;
  readonly update?: Sending;
  readonly remove?: { readonly run: Run; readonly undo?: Run };
  readonly actions: readonly Action[];
  readonly panels: readonly Panel[];
}

interface Declared<Name extends string> {
  readonly name: ResourceName;
  readonly key?: readonly string[];
  readonly label: string;
  readonly fields: Readonly<Record<Name, Field>>;
  readonly isVersioned?: boolean;
  readonly list?: {
    readonly run: Run;
    readonly columns: readonly NoInfer<Name>[];
    readonly filters?: Readonly<Record<string, Filter>>;
    readonly hasSearch?: boolean;
    readonly sorts?: readonly string[];
    readonly pages?: 'offset' | 'cursor';
  };
  readonly get?: Run;
  readonly create?: Sending;
  readonly update?: Sending;
  readonly remove?: { readonly run: Run; readonly undo?: Run };
  readonly actions?: readonly (Omit<Action, 'path'> & Partial<Pick<Action, 'path'>>)[];
  readonly panels?: readonly (Omit<Panel, Usual> & Partial<Pick<Panel, Usual>>)[];
}

type Usual = 'path' | 'gives' | 'fields';

/** What the pages of a resource show and do; what is not said is as usual. */
export function defineResource<const Name extends string>(declared: Declared<Name>): Resource {
  const { list, key = ['id'], actions = [], panels = [], ...rest } = declared;
  const path = Object.fromEntries(key.map((member) => [member, member]));
  return {
    isVersioned: false,
    ...rest,
    key,
    ...(list === undefined
      ? {}
      : { list: { filters: {}, hasSearch: false, sorts: [], pages: 'offset', ...list } }),
    actions: actions.map((action) => ({ path, ...action })),
    panels: panels.map((panel) => ({ path, gives: 'one', fields: {}, ...panel })),
  };
}

/** Rows whose member is the value. */
export const equal = (field: string): Filter => ({ field, by: 'equal' });
/** Rows whose member is the value or later. */
export const from = (field: string): Filter => ({ field, by: 'from' });
/** Rows whose member is earlier than the value. */
export const before = (field: string): Filter => ({ field, by: 'before' });

/** The key of a row as it stands in an address. */
export function addressOf(key: readonly string[], row: Row): string {
  return encodeURIComponent(key.map((name) => encodeURIComponent(String(row[name]))).join(','));
}

/** The key that an address names. */
export function keyOf(key: readonly string[], address: string): Record<string, string> {
  const parts = address.split(',');
  return Object.fromEntries(
    key.map((name, index) => [name, decodeURIComponent(parts[index] ?? '')]),
  );
}

/** What a row is called; its key where it has no name. */
export function labelOf(resource: Pick<Resource, 'label' | 'key'>, row: Row): string {
  const label = row[resource.label];
  return typeof label === 'string' && label !== ''
    ? label
    : resource.key.map((name) => String(row[name])).join(', ');
}
