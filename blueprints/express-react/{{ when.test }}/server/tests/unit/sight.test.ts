import { type RawBuilder, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Context, createContext } from '../../src/context.js';
import { getResource, updateResource } from '../../src/resource.js';
import { ensure } from '../../src/failure.js';
import { defineModel, ruling } from '../../src/model.js';
import { count, find } from '../../src/read.js';
import {
  insert,
  remove,
  removeMany,
  restore,
  setLinks,
  update,
  updateMany,
} from '../../src/write.js';
import { owners, serviceWithTables, thing, things, thingView } from './tables.js';

const service = serviceWithTables();
const all = sql`true`;

/** Things of a tenant, who is the letter that the state starts with; the small ones are seen. */
const guarded = defineModel({
  ...things,
  references: { owner_id: () => known },
  caller: { state: () => 'a by default' },
  scope: (_context: Context, row: RawBuilder<unknown>) => sql`${row}.state like 'a%'`,
  visible: (_context: Context, row: RawBuilder<unknown>) => sql`${row}.size < 5`,
});
const known = {
  ...owners,
  scope: (_context: Context, row: RawBuilder<unknown>) => sql`${row}.name = 'Amy'`,
};
const resource = {
  model: guarded,
  view: { ...thingView, model: guarded },
  listing: { filters: {}, search: [], sorts: {}, order: [] },
};

const forbidden = (work: Promise<unknown>) =>
  expect(work).rejects.toMatchObject({ name: 'Failure', code: 'FORBIDDEN' });

async function prepared() {
  const system = service.context();
  for (const [state, size] of [
    ['a', '1.00'],
    ['a', '9.00'],
    ['b', '1.00'],
  ] as const) {
    await insert(system, things, { ...thing, state, size });
  }
  const { now, ...runtime } = system;
  const own = createContext({ ...runtime, clock: () => now }, system.logger, { sight: 'own' });
  return { system, own };
}

describe('rows that are not there for the caller', () => {
  it('are not read: what is seen, what the tenant has, and what there is', async () => {
    const { system, own } = await prepared();
    expect(await count(own, guarded, all)).toBe(1);
    expect(await count(ruling(own), guarded, all)).toBe(2);
    expect(await count(system, guarded, all)).toBe(3);
    expect(await count(ruling(system), guarded, all)).toBe(3);
    expect(await find(own, guarded, sql`test_things.state = 'b'`)).toBeUndefined();
  });

  it('are not written', async () => {
    const { system, own } = await prepared();
    expect(await updateMany(own, guarded, all, { facts: 1 })).toHaveLength(1);
    await removeMany(own, guarded, all);
    expect(await count(system, things, all)).toBe(2);
    const [row] = await updateMany(system, things, sql`test_things.state = 'b'`, {});
    const hidden = row as NonNullable<typeof row>;
    await expect(update(own, guarded, hidden, {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await remove(system, things, hidden);
    await expect(restore(own, guarded, hidden.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('do not come from what they write', async () => {
    const { own } = await prepared();
    await forbidden(insert(own, guarded, { ...thing, state: 'b' }));
    await forbidden(insert(own, guarded, { ...thing, size: '7.00' }));
    await forbidden(updateMany(own, guarded, all, { state: 'b' }));
    expect(await insert(own, guarded, thing)).toMatchObject({ state: 'a by default' });
  });

  it('are not what they refer to', async () => {
    const { system, own } = await prepared();
    const amy = await insert(system, owners, { name: 'Amy' });
    const bob = await insert(system, owners, { name: 'Bob' });
    const conflict = { code: 'CONFLICT' };
    expect(await insert(own, guarded, { ...thing, owner_id: amy.id })).toMatchObject({
      owner_id: amy.id,
    });
    await expect(insert(own, guarded, { ...thing, owner_id: bob.id })).rejects.toMatchObject(
      conflict,
    );
    const seen = (_context: Context, row: RawBuilder<unknown>) => sql`${row}.name = 'Amy'`;
    const choosy = { ...guarded, references: { owner_id: () => ({ ...owners, visible: seen }) } };
    const unseen = { ...thing, owner_id: bob.id };
    await expect(insert(own, choosy, unseen)).rejects.toMatchObject(conflict);
    expect(await insert(system, choosy, unseen)).toMatchObject({ owner_id: bob.id });
    const row = await insert(own, guarded, thing);
    const link = { table: 'test_links', own: 'thing_id', other: 'owner_id', others: () => known };
    await setLinks(own, link, row.id, [amy.id]);
    const linking = own.transaction((inner) => setLinks(inner, link, row.id, [amy.id, bob.id]));
    await expect(linking).rejects.toMatchObject(conflict);
  });
});

describe('a policy', () => {
  it('is asked about the row, before anything is done to it', async () => {
    const context = service.context();
    const row = await insert(context, guarded, thing);
    const ask = async (_context: Context, { size }: { size: string | null }) =>
      ensure(size !== thing.size, 'FORBIDDEN');
    await forbidden(getResource(context, resource, row, ask));
    await forbidden(updateResource(context, resource, { id: row.id, size: '2.00' }, ask));
    expect(await find(context, guarded, all)).toEqual(row);
  });
});
