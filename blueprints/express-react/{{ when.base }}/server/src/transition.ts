import type { Context } from './context.js';
import { ensure } from './failure.js';
import type { Model, RowChanges, RowOf } from './model.js';
import { update } from './write.js';

/** One way from state to state: where it starts and ends, what it demands and what it sets. */
interface Way<Table> {
  readonly from: readonly string[];
  readonly to: string;
  /** Fails if the row may not go this way. */
  readonly guard?: (context: Context, row: RowOf<Table>) => Promise<void>;
  readonly set?: (context: Context, row: RowOf<Table>) => Promise<RowChanges<Table>>;
  /** What else happens, in the same transaction. */
  readonly after?: (context: Context, row: RowOf<Table>) => Promise<void>;
}

export interface Transition<Table> extends Way<Table> {
  readonly field: keyof Table & string;
}

export function defineTransitions<Table, Name extends string>(options: {
  readonly model: Model<Table>;
  readonly field: keyof Table & string;
  readonly ways: Readonly<Record<Name, Way<Table>>>;
}): Readonly<Record<Name, Transition<Table>>> {
  const { field, ways } = options;
  const entries = Object.entries<Way<Table>>(ways).map(([name, way]) => [name, { ...way, field }]);
  return Object.fromEntries(entries);
}

/** Moves a row that was loaded for update; gives the row as it is now. */
export async function transition<Table>(
  context: Context,
  model: Model<Table>,
  row: RowOf<Table>,
  way: Transition<Table>,
  set: RowChanges<Table> = {},
): Promise<RowOf<Table>> {
  const from = String(row[way.field]);
  ensure(way.from.includes(from), 'INVALID_TRANSITION', { from, to: way.to });
  await way.guard?.(context, row);
  const moved = await update(context, model, row, {
    ...set,
    ...(await way.set?.(context, row)),
    [way.field]: way.to,
  });
  await way.after?.(context, moved);
  return moved;
}
