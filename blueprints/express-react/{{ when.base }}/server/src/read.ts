import type { ErrorCode } from '@app/contract/errors';
import { type RawBuilder, sql } from 'kysely';
import type { Context } from './context.js';
import { Failure } from './failure.js';
import { type Condition, type Model, type Relation, type RowOf, within } from './model.js';
import { run } from './statement.js';

export type Lock = 'none' | 'update' | 'skip';

export interface ReadOptions {
  readonly order?: RawBuilder<unknown>;
  readonly limit?: number;
  readonly offset?: number;
  readonly lock?: Lock;
}

const LOCKS = {
  none: sql``,
  update: sql`for update`,
  skip: sql`for update skip locked`,
} as const;

/** All rows that match and are there for the caller. Rows that are marked as deleted never are. */
export async function findMany<Table>(
  context: Context,
  model: Model<Table>,
  where: Condition,
  options: ReadOptions = {},
): Promise<RowOf<Table>[]> {
  const { order, limit, offset, lock = 'none' } = options;
  return run(
    context,
    sql`
    select ${sql.table(model.table)}.* from ${sql.table(model.table)}
    where (${where}) and ${within(context, model)}
    ${order === undefined ? sql`` : sql`order by ${order}`}
    ${limit === undefined ? sql`` : sql`limit ${limit}`}
    ${offset === undefined ? sql`` : sql`offset ${offset}`}
    ${LOCKS[lock]}`,
  );
}

/** The row that matches, if there is one. Two are a mistake in the program. */
export async function find<Table>(
  context: Context,
  model: Model<Table>,
  where: Condition,
  options: ReadOptions = {},
): Promise<RowOf<Table> | undefined> {
  const rows = await findMany(context, model, where, { limit: 2, ...options });
  if (rows.length > 1) {
    throw new Error(`Expected one row of ${model.table}, found several`);
  }
  return rows[0];
}

/** The row that matches; none is a failure. */
export async function load<Table>(
  context: Context,
  model: Model<Table>,
  where: Condition,
  options: ReadOptions & { readonly missing?: ErrorCode } = {},
): Promise<RowOf<Table>> {
  const { missing = 'NOT_FOUND', ...rest } = options;
  const row = await find(context, model, where, rest);
  if (row === undefined) {
    throw new Failure(missing);
  }
  return row;
}

/** The value of any SQL expression. */
export async function scalar<Value>(
  context: Context,
  expression: RawBuilder<unknown>,
): Promise<Value> {
  const rows = await run<{ value: Value }>(context, sql`select ${expression} as value`);
  return (rows[0] as { value: Value }).value;
}

export async function exists(
  context: Context,
  relation: Relation,
  where: Condition,
): Promise<boolean> {
  return scalar(context, sql`exists (${selection(context, relation, sql``, where)})`);
}

export async function count(
  context: Context,
  relation: Relation,
  where: Condition,
): Promise<number> {
  return scalar(context, sql`(${selection(context, relation, sql`count(*)`, where)})`);
}

/** The sum of a value over the rows that match and have one; nothing adds up to 0. */
export async function sum<Value extends number | string>(
  context: Context,
  relation: Relation,
  value: RawBuilder<unknown>,
  where: Condition,
): Promise<Value> {
  const total = sql`coalesce(sum(${value}), 0)`;
  return scalar(context, sql`(${selection(context, relation, total, where)})`);
}

export async function minimum<Value>(
  context: Context,
  relation: Relation,
  value: RawBuilder<unknown>,
  where: Condition,
): Promise<Value | null> {
  return scalar(context, sql`(${selection(context, relation, sql`min(${value})`, where)})`);
}

export async function maximum<Value>(
  context: Context,
  relation: Relation,
  value: RawBuilder<unknown>,
  where: Condition,
): Promise<Value | null> {
  return scalar(context, sql`(${selection(context, relation, sql`max(${value})`, where)})`);
}

function selection(
  context: Context,
  relation: Relation,
  value: RawBuilder<unknown>,
  where: Condition,
): RawBuilder<unknown> {
  return sql`select ${value} from ${sql.table(relation.table)} where (${where}) and ${within(context, relation)}`;
}
