import { type ColumnType, type RawBuilder, sql } from 'kysely';
import type { Context } from './context.js';

/** A condition over the columns of one table, named in full: `sql`tasks.status = ${status}``. */
export type Condition = RawBuilder<unknown>;

type Selected<Column> = Column extends ColumnType<infer Select, unknown, unknown> ? Select : Column;
type Inserted<Column> = Column extends ColumnType<unknown, infer Insert, unknown> ? Insert : Column;

type Updated<Column> = Column extends ColumnType<unknown, unknown, infer Update> ? Update : Column;

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
  [Name in keyof Table]?: Updated<Table[Name]> | RawBuilder<unknown> | undefined;
};

/** A condition over the row that a statement calls by some name. */
type RowCondition = (context: Context, row: RawBuilder<unknown>) => Condition;

/** A table, its key and what hides its rows. */
export interface Relation {
  readonly table: string;
  readonly key: readonly string[];
  readonly softDelete?: boolean;
  /** Holds for the rows of the caller's tenant. */
  readonly scope?: RowCondition;
  /** Holds for the rows that the caller may see. */
  readonly visible?: RowCondition;
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
  /** Columns that refer to rows which can be deleted and still there, or another tenant's. */
  readonly references?: { readonly [Column in keyof Table & string]?: () => Relation };
  /** Columns that a new row gets from who calls. */
  readonly caller?: { readonly [Column in keyof Table & string]?: (context: Context) => unknown };
  /** What a new row gets where nothing is given, as far as only the running service knows it. */
  readonly defaults?: (context: Context) => RowChanges<Table>;
  /** Columns whose values need another form in a statement. */
  readonly encode?: Readonly<Record<string, 'json' | 'interval' | Encoder>>;
  /** Refuses rows whose new values do not go together. */
  readonly verify?: Verify;
}

/** The columns that one value is kept in. */
export type Encoder = (value: unknown, column: string) => Readonly<Record<string, unknown>>;

/** Looks at rows that were just written, and at what was set. */
export type Verify = (
  context: Context,
  relation: Relation,
  rows: readonly Readonly<Record<string, unknown>>[],
  set: Readonly<Record<string, unknown>>,
) => Promise<void>;

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
  /** The others, if they can be deleted and still there, or another tenant's. */
  readonly others?: () => Relation;
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

/** The condition on all rows that are read or written: they are there for the caller. */
export function within(context: Context, relation: Relation, row?: string): Condition {
  const { visible } = relation;
  const seen = context.sight === 'own' ? [visible?.(context, named(relation, row))] : [];
  return every([scoped(context, relation, row), ...seen]);
}

/** The condition on rows that rules look at: of the caller's tenant and not deleted, visible or not. */
export function scoped(context: Context, relation: Relation, row?: string): Condition {
  return every([live(relation, row), ofTenant(context, relation, row)]);
}

/** The condition on rows that others refer to: of the caller's tenant. */
export function ofTenant(context: Context, relation: Relation, row?: string): Condition {
  const isLifted = context.sight === 'system' && context.scope === null;
  return every([isLifted ? undefined : relation.scope?.(context, named(relation, row))]);
}

/** The context of a rule, which is not narrowed by what is visible: else rules would need themselves. */
export function ruling(context: Context): Context {
  return context.sight === 'own' ? { ...context, sight: 'tenant' } : context;
}

function live(relation: Relation, row?: string): Condition | undefined {
  return relation.softDelete === true ? sql`${named(relation, row)}.deleted_at is null` : undefined;
}

function named(relation: Relation, row = relation.table): RawBuilder<unknown> {
  return sql.table(row);
}

function every(conditions: readonly (Condition | undefined)[]): Condition {
  const parts = conditions.flatMap((part) => (part === undefined ? [] : [sql`(${part})`]));
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `);
}
