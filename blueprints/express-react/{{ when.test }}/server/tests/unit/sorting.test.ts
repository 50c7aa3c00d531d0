import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { list } from '../../src/listing.js';
import { defineView } from '../../src/view.js';
import { insert } from '../../src/write.js';
import { ownerName, owners, serviceWithTables } from './tables.js';

const service = serviceWithTables();

const listing = { filters: {}, search: [], sorts: { name: 'name' }, order: [], texts: ['name'] };
const view = defineView({ model: owners, parts: {}, toJson: ownerName });

describe('a list', () => {
  it('sorts text by code point, whatever the locale of the database', async () => {
    const context = service.context();
    const { rows } = await sql`select from pg_collation where collname = 'und-x-icu'`.execute(
      context.database,
    );
    if (rows.length > 0) {
      await sql`alter table test_owners alter name type text collate "und-x-icu"`.execute(
        context.database,
      );
    }
    for (const name of ['é', 'b', 'Z', '_', 'a', 'A']) {
      await insert(context, owners, { name });
    }
    const page = { limit: 10, offset: 0 };
    const names = async (sort: string) =>
      (await list(context, view, listing, { ...page, sort })).items;
    expect(await names('name')).toEqual(['A', 'Z', '_', 'a', 'b', 'é']);
    expect(await names('-name')).toEqual(['é', 'b', 'a', '_', 'Z', 'A']);
  });
});
