import type { Context } from './context.js';
import { type Listing, list, type Paged, type Query } from './listing.js';
import { byKey, type Link, type Model, type NewRow, type RowOf, valuesOf } from './model.js';
import { load } from './read.js';
import { type Transition, transition } from './transition.js';
import { shape, type View } from './view.js';
import { checkVersion, insert, remove, restore, setLinks, update } from './write.js';

/** A model that is offered as it is: how it is shown and linked. */
export interface Offer<Table, Fields, Shape> {
  readonly model: Model<Table, Fields>;
  readonly view: View<Table, Shape>;
  /** Join tables by the members that set them. */
  readonly links?: Readonly<Record<string, Link>>;
}

/** An offer with a list. */
export interface Resource<Table, Fields, Shape> extends Offer<Table, Fields, Shape> {
  readonly listing: Listing;
}

type Input = Readonly<Record<string, unknown>>;

/** Fails unless a policy allows the caller to do this to the row. */
type Ask<Table> = (context: Context, row: RowOf<Table>, input: never) => Promise<void>;

export function defineResource<Table, Fields, Shape>(
  resource: Resource<Table, Fields, Shape>,
): Resource<Table, Fields, Shape> {
  return resource;
}

export function listResource<Table, Fields, Shape>(
  context: Context,
  resource: Resource<Table, Fields, Shape>,
  input: Query,
): Promise<Paged<Shape>> {
  return list(context, resource.view, resource.listing, input);
}

export async function getResource<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  input: Input,
  ask?: Ask<Table>,
): Promise<Shape> {
  const { model, view } = resource;
  const row = await load(context, model, byKey(model, input));
  await ask?.(context, row, input as never);
  return shape(context, view, row);
}

export async function createResource<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  input: Input,
): Promise<Shape> {
  return context.transaction(async (context) => {
    const { model, view } = resource;
    // The validator has seen to it that everything a new row needs is there.
    const row = await insert(context, model, valuesOf(model, input) as NewRow<Table>);
    await link(context, resource, row, input);
    return shape(context, view, row);
  });
}

/** Sets the members that are given; the version, where rows have one, must be the newest. */
export async function updateResource<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  input: Input,
  ask?: Ask<Table>,
): Promise<Shape> {
  return context.transaction(async (context) => {
    const { model, view } = resource;
    const row = await load(context, model, byKey(model, input), { lock: 'update' });
    await ask?.(context, row, input as never);
    checkVersion(row, input);
    const changed = await update(context, model, row, valuesOf(model, input));
    await link(context, resource, row, input);
    return shape(context, view, changed);
  });
}

export async function deleteResource<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  input: Input,
  ask?: Ask<Table>,
): Promise<void> {
  return context.transaction(async (context) => {
    const { model } = resource;
    const row = await load(context, model, byKey(model, input), { lock: 'update' });
    await ask?.(context, row, input as never);
    await remove(context, model, row);
  });
}

/** Brings back a row that was marked as deleted. */
export async function restoreResource<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  input: Input,
  ask?: Ask<Table>,
): Promise<Shape> {
  return context.transaction(async (context) => {
    const { model, view } = resource;
    const row = await restore(context, model, input);
    await ask?.(context, row, input as never);
    return shape(context, view, row);
  });
}

/** Moves a row from state to state. */
export async function moveResource<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  input: Input,
  way: Transition<Table>,
  ask?: Ask<Table>,
): Promise<Shape> {
  return context.transaction(async (context) => {
    const { model, view } = resource;
    const row = await load(context, model, byKey(model, input), { lock: 'update' });
    await ask?.(context, row, input as never);
    checkVersion(row, input);
    return shape(context, view, await transition(context, model, row, way));
  });
}

async function link<Table, Fields, Shape>(
  context: Context,
  resource: Offer<Table, Fields, Shape>,
  row: RowOf<Table>,
  input: Input,
): Promise<void> {
  const own = row[resource.model.key[0] as keyof Table] as string | number;
  for (const [member, table] of Object.entries(resource.links ?? {})) {
    const others = input[member] as readonly (string | number)[] | undefined;
    await setLinks(context, table, own, others);
  }
}
