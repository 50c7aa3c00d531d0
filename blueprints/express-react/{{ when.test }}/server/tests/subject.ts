import type { Context } from '../src/context.js';
import type { Model, NewRow, RowOf } from '../src/model.js';
import type { View } from '../src/view.js';
import { insert, setLinks } from '../src/write.js';
import { usual } from './usual.js';
import type { Deleting, Values } from './values.js';

type Json = Readonly<Record<string, unknown>>;

/** What the plan says about one member of a row. */
export interface Member {
  readonly values: Values & { readonly deleting?: Deleting };
  /** The column, where its name is not the member's in snake_case. */
  readonly column?: string;
  readonly required?: true;
  readonly default?: unknown;
  /** The service makes the value when none is given. */
  readonly computed?: true;
  /** Two rows with the default would break a rule of uniqueness. */
  readonly distinct?: true;
  /** Whether clients may set it; the default is: always. */
  readonly write?: 'create' | 'never';
  readonly hidden?: true;
  /** It leads to who calls, or to their tenant: in tests to the usual ones. */
  readonly caller?: 'actor' | 'scope';
  /** How a reference to nothing fails, where that is not a conflict. */
  readonly absent?: string;
}

export interface Way {
  readonly from: readonly string[];
  readonly to: string;
  /** What it writes beside the state. */
  readonly sets?: Json;
  /** What must hold, and for which rows it does and does not. */
  readonly guard?: { readonly error: string; readonly open?: Variant; readonly closed?: Variant };
}

export interface States {
  readonly member: string;
  readonly initial: string;
  /** All states, with what a row needs to be in one. */
  readonly all: Readonly<Record<string, Json>>;
  readonly ways: Readonly<Record<string, Way>>;
}

/** Rows with the least, with everything, with a row that refers to them, and after a long time. */
export type Variant = 'bare' | 'full' | 'referred' | 'old';

/** What the plan says about an entity: the yardstick that its service is held against. */
export interface Subject<Table = unknown> {
  readonly name: string;
  readonly model: Model<Table>;
  readonly path?: string;
  readonly operations: readonly string[];
  /** How a row is shown, where clients can neither get nor list it. */
  readonly view?: View<Table, unknown>;
  /** The members of the key, where it is not `id`. */
  readonly key?: readonly string[];
  readonly members: Readonly<Record<string, Member>>;
  /** Join tables by the members that list their ids. */
  readonly links?: Readonly<Record<string, { table: string; own: string; other: string }>>;
  /** How many rows there can be, where a rule allows only a few. */
  readonly most?: number;
  /** Members that are computed at each read. */
  readonly derived?: readonly string[];
  /** Rows belong to a tenant, and are not there for any other. */
  readonly ofTenant?: true;
  /** What somebody of the same tenant is who does not see the row, if there is such. */
  readonly unseenBy?: Json;
  readonly versioned?: true;
  readonly softDelete?: true;
  /** Values that a row with the least, and one with everything, needs so that the checks hold. */
  readonly bare?: Json;
  readonly full?: Json;
  /** Members that cannot change alone in a row with everything: they do in a bare one, or in none. */
  readonly tied?: Readonly<Record<string, 'bare' | 'none'>>;
  readonly list?: {
    readonly filters: Readonly<Record<string, Filter>>;
    readonly search: readonly string[];
    readonly sorts: readonly string[];
    /** Members by which lists are sorted by default; `-` is descending. */
    readonly order: readonly string[];
    /** How it is cut into pages, if not by offset. */
    readonly page?: 'cursor';
  };
  readonly unique?: readonly {
    readonly members: readonly string[];
    readonly error: string;
    /** It is the key, which deleted rows that are kept have too. */
    readonly isKey?: true;
    /** Values with which two rows overlap, where being equal is not all there is to it. */
    readonly values?: Json;
  }[];
  /** Rules of a row, each with values that break it and no other, if such are known. */
  readonly checks?: readonly {
    readonly rule: string;
    readonly error: string;
    readonly values?: Json;
  }[];
  /** What rules between ranges refuse rows with. */
  readonly exclusions?: readonly string[];
  readonly states?: States;
}

export interface Filter {
  readonly member: string;
  readonly by: 'equal' | 'from' | 'before' | 'linkedTo' | 'holds';
}

const known = new Map<string, Subject>();

export function defineSubject<Table>(subject: Subject<Table>): Subject<Table> {
  known.set(subject.name, subject as Subject);
  return subject;
}

/** All subjects that have been defined. */
export function definedSubjects(): readonly Subject[] {
  return [...known.values()];
}

/** Subjects refer to each other by name, so that none has to be defined first. */
export function subjectNamed(name: string): Subject {
  const subject = known.get(name);
  if (subject === undefined) {
    throw new Error(`No subject is called ${name}`);
  }
  return subject;
}

/** Makes rows of a subject: `make.task(context, { title: 'Write' })`. */
export type Maker<Table> = (
  context: Context,
  given?: Partial<NewRow<Table>>,
  links?: Readonly<Record<string, readonly (string | number)[]>>,
) => Promise<RowOf<Table>>;

/** Rows made on the way have high numbers, so that tests can give theirs low ones. */
const FIRST = 100;
let made = FIRST;
const single = new Map<string, Promise<unknown>>();

/** Counts from the first again, so that each test has the same rows. */
export function startOver(): void {
  made = FIRST;
  single.clear();
}

/** What a test needs one of. */
export function once<Value>(name: string, make: () => Promise<Value>): Promise<Value> {
  const found = (single.get(name) as Promise<Value> | undefined) ?? make();
  single.set(name, found);
  return found;
}

/** Adds a row: what is not given and is needed gets valid values; rows that it refers to come first. */
export function makerOf<Table>(subject: Subject<Table>): Maker<Table> {
  return async (context, given = {}, links = {}) => {
    const missing = Object.entries(subject.members)
      .filter(([, member]) => isNeeded(member) || isMade(member) || member.caller !== undefined)
      .filter(([name, member]) => (given as Json)[columnOf(name, member)] === undefined);
    const values: Record<string, unknown> = {};
    made += 1;
    const n = made;
    for (const [name, member] of missing) {
      const value = subject.bare?.[name] ?? (await sampleOf(context, member, n));
      values[columnOf(name, member)] = member.values.isInstant ? new Date(String(value)) : value;
    }
    const row = await insert(context, subject.model, { ...values, ...given } as NewRow<Table>);
    for (const [name, ids] of Object.entries(links)) {
      const link = subject.links?.[name];
      if (link !== undefined) {
        await setLinks(context, link, (row as { id: string }).id, ids);
      }
    }
    return row;
  };
}

/** The members of the key. */
export function keyNames(subject: Subject): readonly string[] {
  return subject.key ?? ['id'];
}

/** The columns that a JSON value of a row is kept in. */
export function columnsOfJson(subject: Subject, values: Json): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => subject.links?.[name] === undefined)
      .map(([name, value]) => {
        const member = memberOf(subject, name);
        const isMoment = member.values.isInstant && value !== null;
        return [columnOf(name, member), isMoment ? new Date(String(value)) : value];
      }),
  );
}

/** The nth value of a member; for a reference, the id of a new row. */
export async function sampleOf(context: Context, member: Member, n: number): Promise<unknown> {
  if (member.caller !== undefined) {
    const caller: Json = { ...(await usual(context)) };
    return caller[member.caller];
  }
  const { parent, others, nth } = member.values;
  const name = parent ?? others;
  if (name === undefined) {
    return nth(n);
  }
  const other = subjectNamed(name) as Subject<Record<string, unknown>>;
  const id = (await makerOf(other)(context))[other.model.key[0] as string];
  return parent === undefined ? [id] : id;
}

/** What a client sends to create a row: the least, or everything. */
export async function inputOf(
  context: Context,
  subject: Subject,
  amount: 'bare' | 'full',
  n: number,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const [name, member] of writable(subject)) {
    if (amount === 'full' || isNeeded(member) || member.distinct === true) {
      input[name] = await sampleOf(context, member, n);
    }
  }
  return { ...input, ...only(input, subject[amount]), ...extra(subject, amount) };
}

/** Whether clients have to give the member. */
export function isNeeded({ required, default: filled, computed, write }: Member): boolean {
  return required === true && filled === undefined && computed !== true && write !== 'never';
}

/** Whether a row that is made without the service needs a value that the service would make. */
function isMade({ computed, distinct }: Member): boolean {
  return computed === true || distinct === true;
}

/** Members that clients may set when they create a row. */
export function writable(subject: Subject): [string, Member][] {
  return Object.entries(subject.members).filter(([, member]) => member.write !== 'never');
}

/** Members that clients may change later. */
export function changeable(subject: Subject): [string, Member][] {
  return writable(subject).filter(([, member]) => member.write === undefined);
}

export function memberOf(subject: Subject, name: string): Member {
  const member = subject.members[name];
  if (member === undefined) {
    throw new Error(`${subject.name} has no member ${name}`);
  }
  return member;
}

/** A value as the service gives it back. */
export function keptOf(member: Member, value: unknown): unknown {
  return value === null || value === undefined ? null : (member.values.kept?.(value) ?? value);
}

function extra(subject: Subject, amount: 'bare' | 'full'): Json {
  const names = new Set(writable(subject).map(([name]) => name));
  return Object.fromEntries(
    Object.entries(subject[amount] ?? {}).filter(([name]) => names.has(name)),
  );
}

function only(input: Json, values: Json = {}): Json {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in input));
}

/** The column that a member is kept in. */
export function columnOf(name: string, member: Member): string {
  return member.column ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
