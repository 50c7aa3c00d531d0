import { sql } from 'kysely';
import { constraints } from './constraints.js';
import type { Context } from './context.js';
import { columnOf, type Relation, within } from './model.js';
import { run } from './statement.js';
import { failureOf } from './violations.js';

const FOREIGN_KEY_VIOLATION = '23503';

/** A new reference to rows that may be there and yet not for the caller. */
interface NewReference {
  readonly relation: Relation;
  readonly ids: readonly unknown[];
  /** The foreign key that would be violated if the rows were gone. */
  readonly constraint: string;
}

/**
 * Fails as if rows that are marked as deleted, or not there for the caller, were gone. The others are locked,
 * so that none of them is deleted before the transaction ends.
 */
export async function refuseAbsent(context: Context, reference: NewReference): Promise<void> {
  const { relation, constraint } = reference;
  const ids = [...new Set(reference.ids)].filter((id) => id !== null);
  if (ids.length === 0) {
    return;
  }
  const key = columnOf(relation, String(relation.key[0]));
  const found = await run(
    context,
    sql`select ${key} from ${sql.table(relation.table)}
      where ${key} in (${sql.join(ids)}) and ${within(context, relation)} order by ${key} for share`,
  );
  if (found.length < ids.length) {
    throw failureOf({ code: FOREIGN_KEY_VIOLATION, constraint }, constraints, 'CONFLICT');
  }
}
