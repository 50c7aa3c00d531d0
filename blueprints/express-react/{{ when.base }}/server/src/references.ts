import { sql } from 'kysely';
import { constraints } from './constraints.js';
import type { Context } from './context.js';
import { run } from './statement.js';
import { failureOf } from './violations.js';

const FOREIGN_KEY_VIOLATION = '23503';

/** New references to rows of a table that marks its rows as deleted. */
interface NewReferences {
  /** `table.key`. */
  readonly to: string;
  readonly values: readonly unknown[];
  /** The foreign key that would be violated if the rows were gone. */
  readonly constraint: string;
}

/**
 * Fails as if rows that are marked as deleted were gone. The others are locked, so that none of them
 * is deleted before the transaction ends.
 */
export async function refuseDeleted(context: Context, references: NewReferences): Promise<void> {
  const { to, constraint } = references;
  const values = [...new Set(references.values)].filter((value) => value !== null);
  if (values.length === 0) {
    return;
  }
  const [table = ''] = to.split('.');
  const key = sql.ref(to);
  const live = await run(
    context,
    sql`select ${key} from ${sql.table(table)}
      where ${key} in (${sql.join(values)}) and deleted_at is null order by ${key} for share`,
  );
  if (live.length < values.length) {
    throw failureOf({ code: FOREIGN_KEY_VIOLATION, constraint }, constraints, 'CONFLICT');
  }
}
