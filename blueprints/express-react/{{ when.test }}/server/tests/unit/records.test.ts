import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import { exists, find, load, maximum, minimum, scalar, sum } from '../../src/read.js';
import { defineView, instantOf, iso, shape, shapeMany, toOne } from '../../src/view.js';
import {
  emit,
  insert,
  remove,
  removeMany,
  restore,
  setLinks,
  update,
  updateMany,
} from '../../src/write.js';
import { link, ownerName, owners, serviceWithTables, thing, things, thingView } from './tables.js';

const service = serviceWithTables();

const here = (name: string) => sql`test_things.facts = ${JSON.stringify(name)}::jsonb`;

describe('rows', () => {
  it('come back with the values that they were given', async () => {
    const context = service.context();
    const { id } = await insert(context, owners, { name: 'Amy' });
    expect(typeof id).toBe('number');
    for (const lasts of [0, 1500, -90_061_001, 86_400_000]) {
      const facts = { list: [1, null], text: "it's" };
      const row = await insert(context, things, { owner_id: id, size: '2.5', facts, lasts });
      const found = await load(context, things, sql`test_things.id = ${row.id}`);
      const created_at = context.now;
      expect(found).toMatchObject({ owner_id: id, size: '2.50', facts, lasts, created_at });
    }
    expect(await scalar(context, sql`null::timestamptz`)).toBeNull();
    expect(await scalar(context, sql`date '2026-02-28'`)).toBe('2026-02-28');
    expect(await scalar(context, sql`time '09:30'`)).toBe('09:30:00');
    const moment = sql`timestamptz '2026-01-01 12:00:00.5+05:30'`;
    expect(await scalar(context, moment)).toEqual(new Date('2026-01-01T06:30:00.500Z'));
    for (const year of ['+010000', '0000', '-000001']) {
      const then = new Date(`${year}-12-31T12:00:00Z`);
      expect(await scalar(context, sql`${then}::timestamptz`)).toEqual(then);
    }
  });

  it('are counted, summed and compared, without those that were deleted', async () => {
    const context = service.context();
    const all = sql`true`;
    const size = sql`test_things.size`;
    expect(await sum(context, things, size, all)).toBe('0');
    expect(await minimum(context, things, size, all)).toBeNull();
    for (const given of ['1.00', '2.50', '4.00']) {
      await insert(context, things, { ...thing, size: given, facts: given });
    }
    await removeMany(context, things, here('4.00'));
    expect(await sum(context, things, size, all)).toBe('3.50');
    expect(await minimum(context, things, size, all)).toBe('1.00');
    expect(await maximum(context, things, size, all)).toBe('2.50');
    expect(await exists(context, things, here('4.00'))).toBe(false);
  });

  it('are one, or the program is wrong', async () => {
    const context = service.context();
    await insert(context, things, thing);
    await insert(context, things, thing);
    await expect(find(context, things, sql`true`)).rejects.toThrow('found several');
    const missing = load(context, things, sql`false`, { missing: 'CONFLICT' });
    await expect(missing).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('change alone or together, and only in version when nothing is set', async () => {
    const context = service.context();
    const one = await insert(context, things, { ...thing, facts: 'one' });
    await insert(context, things, { ...thing, facts: 'two' });
    expect(await update(context, things, one, {})).toEqual({ ...one, version: 2 });
    expect(await update(context, things, one, { size: '9.00' })).toMatchObject({ size: '9.00' });
    expect(await updateMany(context, things, sql`true`, { lasts: 1 })).toHaveLength(2);
    expect(await find(context, things, here('two'))).toMatchObject({ size: '1.50', lasts: 1 });
    const amy = await insert(context, owners, { name: 'Amy' });
    expect(await update(context, owners, amy, {})).toEqual(amy);
    await remove(context, things, one);
    await expect(update(context, things, one, { lasts: 2 })).rejects.toThrow(Failure);
    expect(await restore(context, things, one.id)).toMatchObject({ id: one.id, deleted_at: null });
    await expect(restore(context, things, one.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('turn what the database refuses into failures', async () => {
    const context = service.context();
    const { id } = await insert(context, owners, { name: 'Amy' });
    const refused = async (code: string, work: Promise<unknown>) =>
      expect(work).rejects.toMatchObject({ name: 'Failure', code });
    await refused('CONFLICT', insert(context, owners, { name: 'Amy' }));
    await refused('CONFLICT', insert(context, things, { ...thing, owner_id: id + 1 }));
    await refused('VALIDATION_FAILED', insert(context, things, { ...thing, size: '-1' }));
    await refused('VALIDATION_FAILED', insert(context, things, { ...thing, size: '99999' }));
    await insert(context, things, { ...thing, owner_id: id });
    await refused('IN_USE', remove(context, owners, { id, name: 'Amy' }));
    await expect(removeMany(context, owners, sql`nonsense`)).rejects.not.toThrow(Failure);
  });

  it('are undone when a transaction fails, unless the failure keeps them', async () => {
    const context = service.context();
    const work = context.serializable(async (inner) => {
      await inner.serializable((same) => insert(same, things, thing));
      throw new Failure('CONFLICT');
    });
    await expect(work).rejects.toThrow(Failure);
    expect(await exists(context, things, sql`true`)).toBe(false);
    const kept = context.transaction(async (inner) => {
      await insert(inner, things, thing);
      throw new Failure('CONFLICT', {}, { keep: true });
    });
    await expect(kept).rejects.toThrow(Failure);
    expect(await exists(context, things, sql`true`)).toBe(true);
    let attempts = 0;
    const collision = context.serializable(async () => {
      attempts += 1;
      throw Object.assign(new Error('could not serialize'), { code: '40001' });
    });
    await expect(collision).rejects.toThrow('could not serialize');
    expect(attempts).toBe(3);
  });
});

describe('views', () => {
  it('fetch what stands elsewhere, once for all rows', async () => {
    const context = service.context();
    const amy = await insert(context, owners, { name: 'Amy' });
    const bob = await insert(context, owners, { name: 'Bob' });
    const one = await insert(context, things, { ...thing, owner_id: amy.id });
    const two = await insert(context, things, thing);
    await setLinks(context, link, one.id, [bob.id, amy.id, bob.id]);
    await setLinks(context, link, two.id, undefined);
    const statements = await service.statements(async () => {
      expect(await shapeMany(context, thingView, [one, two])).toEqual([
        {
          id: one.id,
          size: '1.50',
          owner: 'Amy',
          fanIds: [amy.id, bob.id],
          fans: ['Amy', 'Bob'],
          double: '3.00',
        },
        { id: two.id, size: '1.50', owner: null, fanIds: [], fans: [], double: '3.00' },
      ]);
    });
    expect(statements).toBe(4);
    await setLinks(context, link, one.id, []);
    expect(await shape(context, thingView, one)).toMatchObject({ fans: [] });
    expect(await shapeMany(context, thingView, [])).toEqual([]);
    const named = defineView({
      model: things,
      parts: { owner: toOne({ column: 'owner_id', model: owners, toJson: ownerName }) },
      toJson: (_row, { owner }) => owner,
    });
    expect(await shapeMany(context, named, [one, one])).toEqual(['Amy', 'Amy']);
    expect(await shapeMany(context, thingView, [two])).toMatchObject([{ owner: null }]);
    const epoch = '1970-01-01T00:00:00.000Z';
    expect([iso(null), iso(new Date(0))]).toEqual([null, epoch]);
    expect([instantOf(null), instantOf(epoch)]).toEqual([null, new Date(0)]);
  });
});

describe('events', () => {
  it('are written with the change that they tell of, or not at all', async () => {
    const context = service.context();
    const { rows } = await sql`select 1 from information_schema.tables
      where table_schema = current_schema() and table_name = 'outbox'`.execute(context.database);
    if (rows.length === 0) {
      await expect(emit(context, 'told', {})).rejects.toThrow('outbox');
      return;
    }
    const written = () => scalar(context, sql`(select count(*) from outbox where name = 'told')`);
    const failed = context.transaction(async (inner) => {
      await emit(inner, 'told', { id: 1 });
      throw new Failure('CONFLICT');
    });
    await expect(failed).rejects.toThrow(Failure);
    expect(await written()).toBe(0);
    await emit(context, 'told', { id: 1 });
    expect(await written()).toBe(1);
  });
});
