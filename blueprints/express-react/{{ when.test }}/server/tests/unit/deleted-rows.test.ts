import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, defineModel } from '../../src/model.js';
import { insert, remove, restore, setLinks, update, updateMany } from '../../src/write.js';
import { owners, serviceWithTables, thing, things } from './tables.js';

const service = serviceWithTables();

interface NoteTable {
  id: string;
  thing_id: string | null;
  text: string | null;
}

/** Notes on things, which are only marked when they are deleted. */
const notes = defineModel({
  table: 'test_notes',
  columns: columnsOf<NoteTable>(),
  key: ['id'],
  timestamps: 'none',
  fields: {},
  references: { thing_id: () => things },
});

const collections = {
  table: 'test_links',
  own: 'owner_id',
  other: 'thing_id',
  others: () => things,
} as const;

const note = { id: '00000000-0000-4000-8000-000000000000' };

beforeEach(() =>
  sql`create table test_notes (
    id uuid primary key, thing_id uuid references test_things, text text
  )`.execute(service.context().database),
);
afterEach(() => sql`drop table test_notes`.execute(service.context().database));

const conflict = (work: Promise<unknown>) =>
  expect(work).rejects.toMatchObject({ name: 'Failure', code: 'CONFLICT' });

describe('a row that is marked as deleted', () => {
  it('is nothing that a new row, or a change, can refer to', async () => {
    const context = service.context();
    const gone = await insert(context, things, thing);
    await remove(context, things, gone);
    await conflict(insert(context, notes, { ...note, thing_id: gone.id }));
    const row = await insert(context, notes, note);
    await conflict(update(context, notes, row, { thing_id: gone.id }));
    await conflict(updateMany(context, notes, sql`true`, { thing_id: gone.id }));
    await conflict(updateMany(context, notes, sql`true`, { thing_id: sql`${gone.id}` }));
    expect(await updateMany(context, notes, sql`false`, { thing_id: gone.id })).toEqual([]);
    await restore(context, things, gone.id);
    expect(await update(context, notes, row, { thing_id: gone.id })).toMatchObject({
      thing_id: gone.id,
    });
  });

  it('keeps the references that it had', async () => {
    const context = service.context();
    const kept = await insert(context, things, thing);
    const row = await insert(context, notes, { ...note, thing_id: kept.id });
    await remove(context, things, kept);
    const set = { thing_id: kept.id, text: 'new' };
    expect(await update(context, notes, row, set)).toMatchObject(set);
    const cleared = await update(context, notes, row, { thing_id: null });
    await conflict(update(context, notes, cleared, { thing_id: kept.id }));
  });

  it('stays linked to what it was linked to, and to nothing else', async () => {
    const context = service.context();
    const [amy, bob] = [
      await insert(context, owners, { name: 'Amy' }),
      await insert(context, owners, { name: 'Bob' }),
    ];
    const [gone, other] = [
      await insert(context, things, thing),
      await insert(context, things, thing),
    ];
    await setLinks(context, collections, amy.id, [gone.id]);
    await remove(context, things, gone);
    await setLinks(context, collections, amy.id, [gone.id, other.id]);
    await setLinks(context, collections, amy.id, [gone.id, other.id]);
    const write = context.transaction((inner) => setLinks(inner, collections, bob.id, [gone.id]));
    await conflict(write);
    const { rows } = await sql`select owner_id from test_links`.execute(context.database);
    expect(rows).toEqual([{ owner_id: amy.id }, { owner_id: amy.id }]);
  });

  it('is waited for while its deletion is not yet certain', async () => {
    const row = await insert(service.context(), things, thing);
    const deletion = service.context().transaction(async (context) => {
      await remove(context, things, row);
      await setTimeout(100);
    });
    await setTimeout(20);
    await conflict(insert(service.context(), notes, { ...note, thing_id: row.id }));
    await deletion;
  });
});
