import { beforeEach, describe, expect, it } from 'vitest';
import { itIf } from '../conditional.js';
import { harness } from '../harness.js';
import { startOver } from '../subject.js';
import { subjects } from '../subjects.js';
import { resourceOf } from './resource.js';

const service = harness();
beforeEach(startOver);

type Item = Record<string, unknown>;

const LAST = 10;

for (const subject of subjects.filter((each) => each.operations.includes('list'))) {
  const { send, row, keyOf, value } = resourceOf(service, subject);
  const { filters = {}, search = [], sorts = [], order = [] } = subject.list ?? {};
  const most = subject.most ?? Number.POSITIVE_INFINITY;
  // Few rows may be in any order by chance.
  const mixed = most >= 5 ? [3, 1, 5, 2, 4] : [2, 1, 3];

  describe(`${subject.name}.list`, () => {
    it('is empty at first', async () => {
      expect((await send('list')).body).toEqual({ items: [], total: 0 });
    });

    it(`comes in the order ${order.join(', ')}`, async () => {
      await several(mixed, order);
      inOrder((await send('list')).body.items, order);
    });

    itIf(most >= 5)('comes in pages that do not overlap', async () => {
      await several([1, 2, 3, 4, 5], order);
      const whole = (await send('list')).body.items as Item[];
      const pages: Item[] = [];
      for (const offset of [0, 2, 4]) {
        const { body } = await send('list', { limit: 2, offset });
        expect(body.total).toBe(5);
        pages.push(...body.items);
      }
      expect(pages).toEqual(whole);
      expect(new Set(whole.map((item) => JSON.stringify(keyOf(item)))).size).toBe(5);
    });

    it('refuses pages that are no pages', async () => {
      for (const wrong of [{ limit: 0 }, { limit: 101 }, { offset: -1 }, { limit: 'many' }]) {
        expect((await send('list', wrong)).body, JSON.stringify(wrong)).toMatchObject({
          code: 'VALIDATION_FAILED',
          errors: [{ path: Object.keys(wrong)[0] }],
        });
      }
      expect((await send('list', { limit: 100 })).status).toBe(200);
    });

    for (const [name, { member, by }] of Object.entries(filters)) {
      it(`narrows by ${name}`, async () => {
        const [low, high] = [await value(member, 1), await value(member, 2)];
        const first = await row('bare', 1, { ...state(low), [member]: low });
        const second = await row('bare', 2, { ...state(high), [member]: high });
        const asked = [by === 'from' ? high : low].flat()[0];
        const expected = by === 'before' ? [] : by === 'from' ? [second] : [first];
        expect(await keysOf({ [name]: asked })).toEqual(expected);
        if (by === 'before') {
          expect(await keysOf({ [name]: high })).toEqual([first]);
        }
        if (by === 'from') {
          expect(await keysOf({ [name]: low })).toHaveLength(2);
        }
      });
    }

    for (const member of search) {
      it(`finds by a part of ${member}, in any case`, async () => {
        const [other, text] = [String(await value(member, 1)), String(await value(member, 2))];
        await row('bare', 1, { [member]: other });
        const found = await row('bare', 2, { [member]: text });
        const differing = [...text].findIndex((letter, index) => letter !== other[index]);
        const part = text.slice(Math.max(0, differing - 4), differing + 4);
        expect(await keysOf({ search: part.toUpperCase() })).toEqual([found]);
        expect(await keysOf({ search: '%_%' })).toEqual([]);
      });
    }

    for (const name of sorts) {
      it(`sorts by ${name}, both ways`, async () => {
        await several(mixed, [name]);
        inOrder((await send('list', { sort: name })).body.items, [name]);
        inOrder((await send('list', { sort: `-${name}` })).body.items, [`-${name}`]);
      });
    }

    it('sorts by nothing else', async () => {
      expect((await send('list', { sort: 'surelyNoMember' })).body).toMatchObject({
        code: 'VALIDATION_FAILED',
        errors: [{ path: 'sort' }],
      });
    });

    it('needs no more queries for many rows than for one', async () => {
      const many = Math.min(20, most);
      await row('full', 1);
      await send('list');
      const forOne = await service.statements(() => send('list', { limit: 100 }));
      for (let n = 2; n <= many; n += 1) {
        await row('full', n);
      }
      const forMany = await service.statements(() => send('list', { limit: 100 }));
      expect(forMany).toBe(forOne);
    });
  });

  /** Rows whose order by these members is that of the numbers; by all others it is another. */
  async function several(numbers: readonly number[], terms: readonly string[]): Promise<void> {
    const members = terms.map((name) => name.replace('-', ''));
    for (const n of numbers) {
      service.advance(60_000);
      const values: Item = {};
      for (const member of members.filter((name) => name in subject.members)) {
        values[member] = await value(member, n);
      }
      const states = Object.values(values).map((each) => state(each));
      await row('bare', LAST - n, Object.assign({}, ...states, values));
    }
  }

  /** What a row needs beside its state. */
  function state(of: unknown): Item {
    return subject.states?.all[String(of)] ?? {};
  }

  async function keysOf(query: Item): Promise<unknown[]> {
    const { body } = await send('list', query);
    expect(body.items, JSON.stringify(body)).toHaveLength(body.total);
    return body.items.map(keyOf);
  }
}

function inOrder(items: readonly Item[], terms: readonly string[]): void {
  expect(items.length).toBeGreaterThan(1);
  const visible = terms.filter((term) => (items[0] as Item)[term.replace('-', '')] !== undefined);
  const sorted = [...items].sort((left, right) => {
    for (const term of visible) {
      const name = term.replace('-', '');
      const [one, two] = [left[name], right[name]] as [string, string];
      if (one !== two) {
        return one < two === term.startsWith('-') ? 1 : -1;
      }
    }
    return 0;
  });
  expect(items).toEqual(sorted);
}
