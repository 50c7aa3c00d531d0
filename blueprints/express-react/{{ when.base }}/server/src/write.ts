import { type RawBuilder, sql } from 'kysely';
import type { Context } from './context.js';
import { ensure } from './failure.js';
import {
  byKey,
  type Condition,
  type Encoder,
  type Link,
  type Model,
  type NewRow,
  type Relation,
  type RowChanges,
  type RowOf,
  within,
} from './model.js';
import { refuseAbsent } from './references.js';
import { run } from './statement.js';

/** Adds a row; ids and times come from the context. */
export async function insert<Table>(
  context: Context,
  model: Model<Table>,
  values: NewRow<Table>,
): Promise<RowOf<Table>> {
  const given = newRow(context, model, values);
  const columns = sql.join(given.map(([column]) => sql.ref(column)));
  const rows = await change(
    context,
    model,
    values,
    given.length === 0
      ? sql`insert into ${sql.table(model.table)} default values returning *`
      : sql`insert into ${sql.table(model.table)} (${columns})
          values (${sql.join(given.map(([, value]) => value))}) returning *`,
  );
  return rows[0] as RowOf<Table>;
}

/** The columns of a new row with their values, those that nobody gives included. */
export function newRow<Table>(
  context: Context,
  model: Model<Table>,
  values: NewRow<Table>,
): [string, unknown][] {
  return encoded(model, {
    ...(model.numbered === true || model.key[0] !== 'id' ? {} : { id: context.newId() }),
    ...(model.timestamps === 'none' ? {} : { created_at: context.now }),
    ...(model.timestamps === 'both' ? { updated_at: context.now } : {}),
    ...model.defaults?.(context),
    ...fromCaller(context, model, values),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  });
}

/** Sets columns of a row that was read before, and gives the row as it is now. */
export async function update<Table>(
  context: Context,
  model: Model<Table>,
  row: RowOf<Table>,
  set: RowChanges<Table>,
): Promise<RowOf<Table>> {
  const changed = Object.entries(set).filter(([name, value]) => value !== row[name as keyof Table]);
  const statement = updating(context, model, keyOf(model, row), set);
  const rows = await change(context, model, Object.fromEntries(changed), statement);
  ensure(rows.length === 1, 'NOT_FOUND');
  return rows[0] as RowOf<Table>;
}

/** Sets columns of all rows that match, and gives the rows as they are now. */
export async function updateMany<Table>(
  context: Context,
  model: Model<Table>,
  where: Condition,
  set: RowChanges<Table>,
): Promise<RowOf<Table>[]> {
  return change(context, model, set, updating(context, model, where, set));
}

function updating<Table>(
  context: Context,
  model: Model<Table>,
  where: Condition,
  set: RowChanges<Table>,
): RawBuilder<unknown> {
  const given = encoded(model, {
    ...(model.timestamps === 'both' ? { updated_at: context.now } : {}),
    ...set,
  }).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  if (model.versioned === true) {
    given.push(sql`version = ${sql.table(model.table)}.version + 1`);
  }
  if (given.length === 0) {
    given.push(sql`${sql.ref(model.key[0] as string)} = ${sql.ref(model.key[0] as string)}`);
  }
  return sql`update ${sql.table(model.table)} set ${sql.join(given)}
    where (${where}) and ${within(context, model)} returning *`;
}

/** Deletes a row that was read before, or marks it as deleted where the model says so. */
export async function remove<Table>(
  context: Context,
  model: Model<Table>,
  row: RowOf<Table>,
): Promise<void> {
  await removeMany(context, model, keyOf(model, row));
}

export async function removeMany<Table>(
  context: Context,
  model: Model<Table>,
  where: Condition,
): Promise<void> {
  const table = sql.table(model.table);
  const rows = sql`(${where}) and ${within(context, model)}`;
  const statement =
    model.softDelete === true
      ? sql`update ${table} set deleted_at = ${context.now} where ${rows}`
      : sql`delete from ${table} where ${rows}`;
  await run(context, statement, 'IN_USE');
}

/** Brings back a row that is marked as deleted. */
export async function restore<Table>(
  context: Context,
  model: Model<Table>,
  key: string | number | Readonly<Record<string, unknown>>,
): Promise<RowOf<Table>> {
  const deleted = within(context, { ...model, softDelete: false });
  const rows = await run<RowOf<Table>>(
    context,
    sql`update ${sql.table(model.table)} set deleted_at = null
      where ${byKey(model, key)} and deleted_at is not null and ${deleted} returning *`,
  );
  ensure(rows.length === 1, 'NOT_FOUND');
  return rows[0] as RowOf<Table>;
}

/** Makes a row refer to exactly these others; undefined leaves them as they are. */
export async function setLinks(
  context: Context,
  link: Link,
  own: string | number,
  others: readonly (string | number)[] | undefined,
): Promise<void> {
  if (others === undefined) {
    return;
  }
  const [table, ownColumn, otherColumn] = [
    sql.table(link.table),
    sql.ref(link.own),
    sql.ref(link.other),
  ];
  const kept = others.length === 0 ? sql`false` : sql`${otherColumn} in (${sql.join(others)})`;
  await run(context, sql`delete from ${table} where ${ownColumn} = ${own} and not ${kept}`);
  if (others.length === 0) {
    return;
  }
  const pairs = [...new Set(others)].sort().map((other) => sql`(${own}, ${other})`);
  const added = await run<{ id: unknown }>(
    context,
    sql`insert into ${table} (${ownColumn}, ${otherColumn}) values ${sql.join(pairs)}
      on conflict do nothing returning ${otherColumn} as id`,
  );
  if (link.others !== undefined) {
    const ids = added.map(({ id }) => id);
    const constraint = `fk_${link.table}_${link.other}`;
    await refuseAbsent(context, { relation: link.others(), ids, constraint });
  }
}

/** Refuses a change that was decided on an older version of the row. */
export function checkVersion(
  row: { readonly version?: unknown },
  input: { readonly version?: unknown },
): void {
  ensure(input.version === undefined || input.version === row.version, 'VERSION_CONFLICT');
}

/** Writes an event beside the change that it tells of, so that either both last or neither. */
export async function emit(
  context: Context,
  name: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  await run(
    context,
    sql`insert into outbox (id, name, payload, created_at)
      values (${context.newId()}, ${name}, ${JSON.stringify(payload)}, ${context.now})`,
  );
}

function keyOf<Table>(model: Model<Table>, row: RowOf<Table>): Condition {
  return byKey(model, row as Readonly<Record<string, unknown>>);
}

function encoded<Table>(model: Model<Table>, values: object): [string, unknown][] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .flatMap(([column, value]) => encode(column, value, model.encode?.[column]));
}

function encode(
  column: string,
  value: unknown,
  form: 'json' | 'interval' | Encoder | undefined,
): [string, unknown][] {
  if (typeof form === 'function' && !isSql(value)) {
    return Object.entries(form(value, column));
  }
  if (value === null || form === undefined || isSql(value)) {
    return [[column, value]];
  }
  return [[column, form === 'json' ? JSON.stringify(value) : `${value} milliseconds`]];
}

function isSql(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'toOperationNode' in value;
}

/** What a new row gets from who calls, unless it is given. */
function fromCaller<Table>(context: Context, model: Model<Table>, values: object): object {
  const missing = Object.entries<((context: Context) => unknown) | undefined>(model.caller ?? {})
    .filter(([column]) => !(column in values))
    .map(([column, read]) => [column, read?.(context)]);
  return Object.fromEntries(missing);
}

/** Writes rows, which then are there for the caller, and refer only to rows that are. */
export async function change<Table>(
  context: Context,
  model: Model<Table>,
  set: Readonly<Record<string, unknown>>,
  statement: RawBuilder<unknown>,
): Promise<RowOf<Table>[]> {
  const references = Object.entries<(() => Relation) | undefined>(model.references ?? {}).filter(
    ([column]) => set[column] !== undefined && set[column] !== null,
  );
  const isFree = model.scope === undefined && model.visible === undefined;
  if (references.length === 0 && isFree && model.verify === undefined) {
    return run(context, statement);
  }
  return context.transaction(async (context) => {
    const rows = await run<RowOf<Table>>(context, statement);
    for (const [column, relation] of references) {
      const ids = rows.map((row) => row[column as keyof Table]);
      const constraint = `fk_${model.table}_${column}`;
      await refuseAbsent(context, { relation: relation?.() as Relation, ids, constraint });
    }
    await refuseUnseen(context, model, rows);
    await model.verify?.(context, model, rows as Readonly<Record<string, unknown>>[], set);
    return rows;
  });
}

/** Nobody writes a row out of their own sight, or into another tenant. */
async function refuseUnseen<Table>(
  context: Context,
  model: Model<Table>,
  rows: readonly RowOf<Table>[],
): Promise<void> {
  if (rows.length === 0 || (model.scope === undefined && model.visible === undefined)) {
    return;
  }
  const keys = rows.map((row) => sql`(${keyOf(model, row)})`);
  const seen = await run(
    context,
    sql`select from ${sql.table(model.table)}
      where (${sql.join(keys, sql` or `)}) and ${within(context, model)}`,
  );
  ensure(seen.length === rows.length, 'FORBIDDEN');
}
