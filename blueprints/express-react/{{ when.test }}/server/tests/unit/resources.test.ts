import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { ensure } from '../../src/failure.js';
import { before, equal, from, linkedTo, type Query } from '../../src/listing.js';
import { count } from '../../src/read.js';
import {
  createResource,
  defineResource,
  deleteResource,
  getResource,
  listResource,
  moveResource,
  restoreResource,
  updateResource,
} from '../../src/resource.js';
import { defineTransitions } from '../../src/transition.js';
import { insert } from '../../src/write.js';
import { link, owners, serviceWithTables, things, thingView } from './tables.js';

const service = serviceWithTables();

const resource = defineResource({
  model: things,
  view: thingView,
  listing: {
    filters: {
      size: equal('size'),
      sizeFrom: from('size'),
      sizeBefore: before('size'),
      fan: linkedTo(link),
    },
    search: ['state'],
    sorts: { size: 'size' },
    order: ['size desc'],
  },
  links: { fanIds: link },
});

const NOBODY = '00000000-0000-4000-8000-00000000dead';

describe('resources', () => {
  it('are created, read and changed together with what they are linked to', async () => {
    const context = service.context();
    const amy = await insert(context, owners, { name: 'Amy' });
    const given = { ownerId: amy.id, size: '2.00', fanIds: [amy.id], more: 'ignored' };
    const made = await createResource(context, resource, given);
    expect(made).toMatchObject({ size: '2.00', owner: 'Amy', fanIds: [amy.id], double: '4.00' });
    expect(await getResource(context, resource, made)).toEqual(made);
    const change = { id: made.id, version: 1, ownerId: null, fanIds: [] };
    const changed = await updateResource(context, resource, change);
    expect(changed).toEqual({ ...made, owner: null, fanIds: [], fans: [] });
    const late = updateResource(context, resource, { id: made.id, version: 1, size: '3.00' });
    await expect(late).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await getResource(context, resource, made)).toEqual(changed);
  });

  it('are gone when they are deleted, until they are restored', async () => {
    const context = service.context();
    const made = await createResource(context, resource, { size: '2.00' });
    await deleteResource(context, resource, made);
    for (const work of [getResource, deleteResource, updateResource]) {
      await expect(work(context, resource, made)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await count(context, things, sql`true`)).toBe(0);
    expect(await restoreResource(context, resource, made)).toEqual(made);
    const nobody = restoreResource(context, resource, { id: NOBODY });
    await expect(nobody).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are listed as the query asks', async () => {
    const context = service.context();
    const amy = await insert(context, owners, { name: 'Amy' });
    await createResource(context, resource, { size: '1.00' });
    await createResource(context, resource, { size: '3.00', fanIds: [amy.id] });
    await createResource(context, resource, { size: '2.00' });
    const sizes = async (query: Partial<Query> & Record<string, unknown>) => {
      const { items } = await listResource(context, resource, { limit: 9, offset: 0, ...query });
      return items.map(({ size }) => size);
    };
    expect(await sizes({})).toEqual(['3.00', '2.00', '1.00']);
    expect(await sizes({ sort: 'size' })).toEqual(['1.00', '2.00', '3.00']);
    expect(await sizes({ sort: '-size', limit: 1, offset: 1 })).toEqual(['2.00']);
    expect(await sizes({ size: '2.00' })).toEqual(['2.00']);
    expect(await sizes({ sizeFrom: '2.00' })).toEqual(['3.00', '2.00']);
    expect(await sizes({ sizeBefore: '2.00' })).toEqual(['1.00']);
    expect(await sizes({ fan: amy.id })).toEqual(['3.00']);
    expect(await sizes({ search: 'NE', size: undefined })).toHaveLength(3);
    expect(await sizes({ search: '%' })).toEqual([]);
  });

  it('move from state to state where the guard lets them, and nothing stays of a failure', async () => {
    const context = service.context();
    const told: string[] = [];
    const { open, fail } = defineTransitions({
      model: things,
      field: 'state',
      ways: {
        open: {
          from: ['new'],
          to: 'open',
          guard: async (_context, row) => ensure(row.size !== null, 'CONFLICT'),
          set: async () => ({ size: '9.00' }),
          after: async (_context: Context, row) => void told.push(row.state),
        },
        fail: {
          from: ['open'],
          to: 'failed',
          after: async () => ensure(false, 'CONFLICT'),
        },
      },
    });
    const empty = await createResource(context, resource, {});
    const closed = moveResource(context, resource, empty, open);
    await expect(closed).rejects.toMatchObject({ code: 'CONFLICT' });
    const made = await createResource(context, resource, { size: '2.00' });
    const early = moveResource(context, resource, made, fail);
    const params = { from: 'new', to: 'failed' };
    await expect(early).rejects.toMatchObject({ code: 'INVALID_TRANSITION', params });
    expect(await moveResource(context, resource, made, open)).toMatchObject({ size: '9.00' });
    expect(told).toEqual(['open']);
    const failing = moveResource(context, resource, made, fail);
    await expect(failing).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await count(context, things, sql`test_things.state = 'open'`)).toBe(1);
  });
});
