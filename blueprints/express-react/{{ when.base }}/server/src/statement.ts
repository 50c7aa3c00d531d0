import type { RawBuilder } from 'kysely';
import { constraints } from './constraints.js';
import type { Context } from './context.js';
import { failureOf } from './violations.js';

/** Runs a statement and gives its rows; what the database refuses for a known reason is a failure. */
export async function run<Row>(
  context: Context,
  statement: RawBuilder<unknown>,
  broken: 'CONFLICT' | 'IN_USE' = 'CONFLICT',
): Promise<Row[]> {
  try {
    return (await (statement as RawBuilder<Row>).execute(context.database)).rows;
  } catch (error) {
    throw failureOf(error, constraints, broken) ?? error;
  }
}
