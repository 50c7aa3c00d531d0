import { type ColumnType, type RawBuilder, sql } from 'kysely';
import type { Context } from './context.js';

/** A condition over the columns of one table, named in full: `sql`tasks.status = ${status}``. */
export type Condition = RawBuilder<unknown>;

type Selected<Column> = Column extends ColumnType<infer Select, unknown, unknown> ? Select : Column;
type Inserted<Column> = Column extends ColumnType<unknown, infer Insert, unknown> ? Insert : Column;

type OptionalColumns<Table> = {
  [Name in keyof Table]-?: undefined extends Inserted<Table[Name]>
    ? Name
    : null extends Inserted<Table[Name]>
      ? Name
      : never;
}[keyof Table];

/** A row as the database gives it. */
export type RowOf<Table> = { readonly [Name in keyof Table]: Selected<Table[Name]> };

/** What a new row must and may be given. */
export type NewRow<Table> = {
  [Name in Exclude<keyof Table, OptionalColumns<Table>>]: Inserted<Table[Name]>;
} & { [Name in OptionalColumns<Table>]?: Inserted<Table[Name]> | undefined };

/** What may be set in a row: values, or SQL over the row; a member that is undefined stays as it is. */
export type RowChanges<Table> = {
  [Name in keyof Table]?: Selected<Table[Name]> | RawBuilder<unknown> | undefined;
};

/** A table, its key and what hides its rows. */
export interface Relation {
  readonly table: string;
  readonly key: readonly string[];
  readonly softDelete?: boolean;
}

export interface Model<Table, Fields = unknown> extends Relation {
  /** Says the type of the rows; made with `columnsOf`. */
  readonly columns: Columns<Table>;
  readonly key: readonly (keyof Table & string)[];
  /** What inputs call the members of the key, where that is not the name of the column. */
  readonly keyNames?: readonly string[];
  /** Writable columns by the names that they have in JSON. */
  readonly fields: Fields;
  /** The database numbers the rows; else the context makes the id. */
  readonly numbered?: boolean;
  readonly timestamps: 'both' | 'created' | 'none';
  readonly versioned?: boolean;
  /** Columns that refer to rows which can be marked as deleted, and the `table.key` of those rows. */
  readonly liveReferences?: { readonly [Column in keyof Table & string]?: string };
  /** What a new row gets where nothing is given, as far as only the running service knows it. */
  readonly defaults?: (context: Context) => RowChanges<Table>;
  /** Columns whose values need another form in a statement. */
  readonly encode?: Readonly<Record<string, 'json' | 'interval'>>;
}

/** A type without a value. */
interface Columns<Table> {
  readonly of?: Table;
}

export function columnsOf<Table>(): Columns<Table> {
  return {};
}

export function defineModel<
  Table,
  const Fields extends Readonly<Record<string, keyof Table & string>>,
>(model: Model<Table, Fields>): Model<Table, Fields> {
  return model;
}

/** The join table of a many-to-many relation. */
export interface Link {
  readonly table: string;
  readonly own: string;
  readonly other: string;
  /** The `table.key` of the others, if they can be marked as deleted. */
  readonly liveKey?: string;
}

/** The columns that an input sets; members that it does not have stay absent. */
export function valuesOf<Table, Fields>(
  model: Model<Table, Fields>,
  input: Readonly<Record<string, unknown>>,
): RowChanges<Table> {
  const fields = Object.entries(model.fields as Readonly<Record<string, string>>);
  const given = fields.flatMap(([name, column]) => (name in input ? [[column, input[name]]] : []));
  return Object.fromEntries(given);
}

/** The condition that picks one row: by its key, or by a row or an input that has all of the key. */
export function byKey<Table, Fields>(
  model: Model<Table, Fields>,
  key: string | number | Readonly<Record<string, unknown>>,
): Condition {
  const parts = model.key.map((column, index) => {
    const name = model.keyNames?.[index] ?? column;
    const value = typeof key === 'object' ? (key[column] ?? key[name]) : key;
    return sql`${columnOf(model, column)} = ${value}`;
  });
  return sql.join(parts, sql` and `);
}

export function columnOf(relation: Relation, column: string): RawBuilder<unknown> {
  return sql.ref(`${relation.table}.${column}`);
}

/** The condition that hides rows which are marked as deleted. */
export function live(relation: Relation): Condition {
  return relation.softDelete === true
    ? sql`${columnOf(relation, 'deleted_at')} is null`
    : sql`true`;
}
