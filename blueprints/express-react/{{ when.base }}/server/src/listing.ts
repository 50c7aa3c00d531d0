import { type RawBuilder, sql } from 'kysely';
import type { Context } from './context.js';
import { type Condition, columnOf, type Link, type Relation } from './model.js';
import { count, findMany } from './read.js';
import { shapeMany, type View } from './view.js';

/** A condition made from one value of the query. */
export type Filter = (relation: Relation, value: unknown, context: Context) => Condition;

export interface Listing {
  /** Filters by the names that they have in the query. */
  readonly filters: Readonly<Record<string, Filter>>;
  /** Columns that `search` looks into. */
  readonly search: readonly string[];
  /** Columns to sort by, by the names that they have in the query. */
  readonly sorts: Readonly<Record<string, string>>;
  /** The order where the query asks for none; the key comes last, so that pages do not overlap. */
  readonly order: readonly string[];
  /** Those of these columns that hold text; it sorts by code point, whatever the database's locale. */
  readonly texts?: readonly string[];
}

export interface Paged<Item> {
  items: Item[];
  total: number;
}

export interface Query {
  readonly limit: number;
  readonly offset: number;
  readonly search?: string | undefined;
  readonly sort?: string | undefined;
}

/** One page of the rows that the query and the condition ask for, and the number of all. */
export async function list<Table, Shape>(
  context: Context,
  view: View<Table, Shape>,
  listing: Listing,
  query: Query,
  where: Condition = sql`true`,
): Promise<Paged<Shape>> {
  const { model } = view;
  const condition = sql.join([where, ...conditionsOf(context, model, listing, query)], sql` and `);
  const total = await count(context, model, condition);
  const rows = await findMany(context, model, condition, {
    order: orderOf(termsOf(model, listing, query.sort)),
    limit: query.limit,
    offset: query.offset,
  });
  return { items: await shapeMany(context, view, rows), total };
}

/** Equal to the value. */
export function equal(column: string): Filter {
  return (relation, value) => sql`${columnOf(relation, column)} = ${value}`;
}

/** The value or later. */
export function from(column: string): Filter {
  return (relation, value) => sql`${columnOf(relation, column)} >= ${value}`;
}

/** Earlier than the value. */
export function before(column: string): Filter {
  return (relation, value) => sql`${columnOf(relation, column)} < ${value}`;
}

/** Linked to the row with that id. */
export function linkedTo(link: Link, key = 'id'): Filter {
  return (relation, value) => sql`exists (select from ${sql.table(link.table)}
    where ${sql.ref(`${link.table}.${link.own}`)} = ${columnOf(relation, key)}
    and ${sql.ref(`${link.table}.${link.other}`)} = ${value})`;
}

/** What the filters and the search of a query demand. */
export function conditionsOf(
  context: Context,
  relation: Relation,
  listing: Listing,
  query: Pick<Query, 'search'>,
): Condition[] {
  const given = Object.entries(query).flatMap(([name, value]) => {
    const filter = listing.filters[name];
    return filter === undefined || value === undefined ? [] : [filter(relation, value, context)];
  });
  if (query.search !== undefined) {
    const pattern = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`;
    const matches = listing.search.map(
      (column) => sql`${columnOf(relation, column)} ilike ${pattern}`,
    );
    given.push(sql`(${sql.join(matches, sql` or `)})`);
  }
  return given;
}

/** A column that rows are sorted by, as statements have it. */
export interface Term {
  readonly column: string;
  readonly value: RawBuilder<unknown>;
  readonly isDescending: boolean;
}

/** What rows are sorted by: as the query says, or as usual; the key decides at last. */
export function termsOf(relation: Relation, listing: Listing, sort: string | undefined): Term[] {
  const asked = sort?.split(',').map((name) => {
    const column = listing.sorts[name.replace('-', '')] ?? '';
    return name.startsWith('-') ? `${column} desc` : column;
  });
  return [...(asked ?? listing.order), ...relation.key].map((term) => {
    const [column = '', direction] = term.split(' ');
    const isText = listing.texts?.includes(column) === true;
    const value = sql`${columnOf(relation, column)}${isText ? sql` collate "C"` : sql``}`;
    return { column, value, isDescending: direction === 'desc' };
  });
}

export function orderOf(terms: readonly Term[]): RawBuilder<unknown> {
  return sql.join(
    terms.map(({ value, isDescending }) => (isDescending ? sql`${value} desc` : value)),
  );
}
