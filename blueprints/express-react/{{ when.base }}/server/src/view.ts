import { type RawBuilder, sql } from 'kysely';
import type { Context } from './context.js';
import { columnOf, type Link, type Model, ofTenant, type Relation, type RowOf } from './model.js';
import { run } from './statement.js';

type Row = Readonly<Record<string, unknown>>;

/** Fetches what belongs to many rows at once: one query, whatever the number of rows. */
export type Part<Value> = (
  context: Context,
  relation: Relation,
  rows: readonly Row[],
) => Promise<(row: Row) => Value>;

type Parts = Readonly<Record<string, Part<unknown>>>;

/** What the parts of a view give for one row. */
type More<ViewParts> = {
  readonly [Name in keyof ViewParts]: ViewParts[Name] extends Part<infer Value> ? Value : never;
};

/** How the rows of a model are shown: parts fetched from elsewhere, and the mapping to JSON. */
export interface View<Table, Shape> {
  readonly model: Model<Table>;
  readonly parts: Parts;
  readonly toJson: (row: RowOf<Table>, more: never) => Shape;
}

/** Parts are declared before the view: TypeScript does not look into calls within it. */
export function defineView<Table, Shape, ViewParts extends Parts>(view: {
  readonly model: Model<Table>;
  readonly parts: ViewParts;
  readonly toJson: (row: RowOf<Table>, more: More<ViewParts>) => Shape;
}): View<Table, Shape> {
  return view;
}

export async function shapeMany<Table, Shape>(
  context: Context,
  view: View<Table, Shape>,
  rows: readonly RowOf<Table>[],
): Promise<Shape[]> {
  if (rows.length === 0) {
    return [];
  }
  const found: [string, (row: Row) => unknown][] = [];
  for (const [name, part] of Object.entries(view.parts)) {
    found.push([name, await part(context, view.model, rows)]);
  }
  return rows.map((row) => {
    const more = Object.fromEntries(found.map(([name, valueFor]) => [name, valueFor(row)]));
    return view.toJson(row, more as never);
  });
}

export async function shape<Table, Shape>(
  context: Context,
  view: View<Table, Shape>,
  row: RowOf<Table>,
): Promise<Shape> {
  const [shown] = await shapeMany(context, view, [row]);
  return shown as Shape;
}

/** A value that the database computes from the row. */
export function computed<Value>(
  expression: (context: Context) => RawBuilder<unknown>,
): Part<Value> {
  return async (context, relation, rows) => {
    const columns = relation.key.map((column) => columnOf(relation, column));
    const keys = rows.map((row) => sql`(${sql.join(keyValues(relation, row))})`);
    const found = await run<{ key: unknown; value: Value }>(
      context,
      sql`select json_build_array(${sql.join(columns)}) as key, ${expression(context)} as value
        from ${sql.table(relation.table)} where (${sql.join(columns)}) in (${sql.join(keys)})`,
    );
    const values = new Map(found.map(({ key, value }) => [JSON.stringify(key), value]));
    return (row) => values.get(JSON.stringify(keyValues(relation, row))) as Value;
  };
}

interface Reference<Other, Value> {
  readonly column: string;
  readonly model: Model<Other>;
  readonly toJson: (row: RowOf<Other>) => Value;
}

/** The row that a required column refers to. */
export function toOne<Other, Value>(reference: Reference<Other, Value>): Part<Value> {
  const { column, model, toJson } = reference;
  return async (context, _relation, rows) => {
    const found = await referred(context, model, rows, column);
    return (row) => toJson(found.get(row[column]) as RowOf<Other>);
  };
}

/** The row that a column refers to, or null where it refers to none. */
export function toOptional<Other, Value>(reference: Reference<Other, Value>): Part<Value | null> {
  const { column, model, toJson } = reference;
  return async (context, _relation, rows) => {
    const found = await referred(context, model, rows, column);
    return (row) => {
      const match = found.get(row[column]);
      return match === undefined ? null : toJson(match);
    };
  };
}

/** The rows on the other side of a join table, in the order of their ids. */
export function toMany<Other, Value>(options: {
  readonly link: Link;
  readonly model: Model<Other>;
  readonly toJson: (row: RowOf<Other>) => Value;
}): Part<Value[]> {
  const { link, model: other, toJson } = options;
  return async (context, relation, rows) => {
    const own = relation.key[0] as string;
    const id = columnOf(other, other.key[0] as string);
    const found = await run<RowOf<Other> & { linked_own: unknown }>(
      context,
      sql`select ${sql.table(other.table)}.*, ${sql.ref(`${link.table}.${link.own}`)} as linked_own
        from ${sql.table(other.table)}
        join ${sql.table(link.table)} on ${sql.ref(`${link.table}.${link.other}`)} = ${id}
        where ${sql.ref(`${link.table}.${link.own}`)} in (${sql.join(rows.map((row) => row[own]))})
        and ${ofTenant(context, other)} order by ${id}`,
    );
    const groups = groupsOf(found.map((match) => [match.linked_own, toJson(match)]));
    return (row) => groups.get(row[own]) ?? [];
  };
}

/** The ids on the other side of a join table, in order. */
export function linkedIds<Id = string>(link: Link): Part<Id[]> {
  return async (context, relation, rows) => {
    const own = relation.key[0] as string;
    const found = await run<{ own: unknown; other: Id }>(
      context,
      sql`select ${sql.ref(link.own)} as own, ${sql.ref(link.other)} as other
        from ${sql.table(link.table)}
        where ${sql.ref(link.own)} in (${sql.join(rows.map((row) => row[own]))})
        order by 1, 2`,
    );
    const groups = groupsOf(found.map((match) => [match.own, match.other]));
    return (row) => groups.get(row[own]) ?? [];
  };
}

export function groupsOf<Value>(
  pairs: readonly (readonly [unknown, Value])[],
): Map<unknown, Value[]> {
  const groups = new Map<unknown, Value[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [value]);
    } else {
      group.push(value);
    }
  }
  return groups;
}

async function referred<Other>(
  context: Context,
  other: Model<Other>,
  rows: readonly Row[],
  column: string,
): Promise<Map<unknown, RowOf<Other>>> {
  const ids = [...new Set(rows.map((row) => row[column]))].filter((id) => id !== null);
  if (ids.length === 0) {
    return new Map();
  }
  const key = other.key[0] as keyof Other & string;
  const found = await run<RowOf<Other>>(
    context,
    sql`select ${sql.table(other.table)}.* from ${sql.table(other.table)}
      where ${columnOf(other, key)} in (${sql.join(ids)}) and ${ofTenant(context, other)}`,
  );
  return new Map(found.map((row) => [row[key], row]));
}

function keyValues(relation: Relation, row: Row): unknown[] {
  return relation.key.map((column) => row[column]);
}

/** An instant that came as text. */
export function instantOf(text: string): Date;
export function instantOf(text: string | null | undefined): Date | null;
export function instantOf(text: string | null | undefined): Date | null {
  return text === null || text === undefined ? null : new Date(text);
}

/** An instant as JSON has it. */
export function iso(instant: Date): string;
export function iso(instant: Date | null): string | null;
export function iso(instant: Date | null): string | null {
  return instant === null ? null : instant.toISOString();
}
