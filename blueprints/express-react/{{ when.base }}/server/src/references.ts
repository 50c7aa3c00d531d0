import { sql } from 'kysely';
import { constraints } from './constraints.js';
import type { Context } from './context.js';
import { run } from './statement.js';
import { failureOf } from './violations.js';

const FOREIGN_KEY_VIOLATION = '23503';

/** A new reference to rows of a table that marks its rows as deleted. */
interface NewReference {
  readonly table: string;
  readonly ids: readonly unknown[];
  /** The foreign key that would be violated if the rows were gone. */
  readonly constraint: string;
}

/**
 * Fails as if rows that are marked as deleted were gone. The others are locked, so that none of them
 * is deleted before the transaction ends.
 */
export async function refuseDeleted(context: Context, reference: NewReference): Promise<void> {
  const { table, constraint } = reference;
  const ids = [...new Set(reference.ids)].filter((id) => id !== null);
  if (ids.length === 0) {
    return;
  }
  const live = await run(
    context,
    sql`select id from ${sql.table(table)}
      where id in (${sql.join(ids)}) and deleted_at is null order by id for share`,
  );
  if (live.length < ids.length) {
    throw failureOf({ code: FOREIGN_KEY_VIOLATION, constraint }, constraints, 'CONFLICT');
  }
}
