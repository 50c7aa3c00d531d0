import type { ResourceName } from './catalogue.js';

/** What a value is, which decides how it is shown and how it is asked for. */
export type Kind =
  | 'text'
  | 'multiline'
  | 'email'
  | 'url'
  | 'id'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'flag'
  | 'optionalFlag'
  | 'date'
  | 'time'
  | 'instant'
  | 'duration'
  | 'choice'
  | 'reference'
  | 'references'
  | 'list'
  | 'json'
  | 'rows';

export interface Field {
  readonly kind: Kind;
  readonly title: string;
  /** Of a choice: what there is to choose from. */
  readonly options?: readonly string[];
  /** Of a reference: the resource it leads to. */
  readonly to?: ResourceName;
  /** Of money: the currency, where only one is possible. */
  readonly currency?: string;
  /** Of a list: what it holds; of references: what the keys are, where they are no text. */
  readonly of?: Field;
}

const plain = (kind: Kind) => (title: string) => ({ kind, title }) satisfies Field;

export const text = plain('text');
export const multiline = plain('multiline');
export const email = plain('email');
export const url = plain('url');
export const id = plain('id');
export const integer = plain('integer');
export const decimal = plain('decimal');
export const flag = plain('flag');
export const optionalFlag = plain('optionalFlag');
export const date = plain('date');
export const time = plain('time');
export const instant = plain('instant');
export const duration = plain('duration');
export const json = plain('json');
/** Rows that an answer brings along. */
export const rows = plain('rows');

export function money(title: string, currency?: string): Field {
  return { kind: 'money', title, ...(currency === undefined ? {} : { currency }) };
}

export function choice(title: string, options: readonly string[]): Field {
  return { kind: 'choice', title, options };
}

/** The row of a resource. */
export function reference(title: string, to: ResourceName, of?: Field): Field {
  return { kind: 'reference', title, to, ...(of === undefined ? {} : { of }) };
}

/** Any number of rows of a resource. */
export function references(title: string, to: ResourceName, of?: Field): Field {
  return { kind: 'references', title, to, ...(of === undefined ? {} : { of }) };
}

export function list(title: string, of: Field): Field {
  return { kind: 'list', title, of };
}

/** A word of the plan as people read it: `in_progress` as `In progress`. */
export function humanized(word: string): string {
  const words = word
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
