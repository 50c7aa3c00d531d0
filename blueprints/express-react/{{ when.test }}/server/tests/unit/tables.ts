import { type Generated, sql } from 'kysely';
import { afterEach, beforeEach } from 'vitest';
import { columnsOf, defineModel } from '../../src/model.js';
import { computed, defineView, linkedIds, toMany, toOptional } from '../../src/view.js';
import { type Harness, harness } from '../harness.js';

/** Tables of the tests' own: what the service does with tables does not depend on the plan. */
interface OwnerTable {
  id: Generated<number>;
  name: string;
}

interface ThingTable {
  id: Generated<string>;
  owner_id: number | null;
  size: string | null;
  facts: unknown;
  lasts: number | null;
  state: Generated<string>;
  version: Generated<number>;
  created_at: Generated<Date>;
  deleted_at: Date | null;
}

export const owners = defineModel({
  table: 'test_owners',
  columns: columnsOf<OwnerTable>(),
  key: ['id'],
  timestamps: 'none',
  numbered: true,
  fields: {},
});

export const things = defineModel({
  table: 'test_things',
  columns: columnsOf<ThingTable>(),
  key: ['id'],
  timestamps: 'created',
  softDelete: true,
  versioned: true,
  encode: { facts: 'json', lasts: 'interval' },
  fields: { ownerId: 'owner_id', size: 'size' },
});

export const link = { table: 'test_links', own: 'thing_id', other: 'owner_id' } as const;

export const ownerName = (row: { name: string }) => row.name;

export const thingView = defineView({
  model: things,
  parts: {
    owner: toOptional({ column: 'owner_id', model: owners, toJson: ownerName }),
    fanIds: linkedIds<number>(link),
    fans: toMany({ link, model: owners, toJson: ownerName }),
    double: computed<string>(() => sql`test_things.size * 2`),
  },
  toJson: (row, more) => ({ id: row.id, size: row.size, ...more }),
});

export const thing = { owner_id: null, size: '1.50', facts: null, lasts: null };

/** The service, with these tables in it while a test runs. */
export function serviceWithTables(): Harness {
  const service = harness();
  const run = async (script: string): Promise<void> => {
    const client = await service.open.pool.connect();
    await client.query(script);
    client.release();
  };
  beforeEach(() =>
    run(`
      create table test_owners (id bigserial primary key, name text unique);
      create table test_things (
        id uuid primary key, owner_id bigint references test_owners, size numeric(6,2) check (size > 0),
        facts jsonb, lasts interval, state text default 'new', version integer default 1,
        created_at timestamptz(3), deleted_at timestamptz(3)
      );
      create table test_links (
        thing_id uuid references test_things, owner_id bigint references test_owners,
        primary key (thing_id, owner_id)
      );`),
  );
  afterEach(() => run('drop table test_links, test_things, test_owners'));
  return service;
}
