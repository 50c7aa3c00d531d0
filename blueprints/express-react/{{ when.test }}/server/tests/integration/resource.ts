import { expect } from 'vitest';
import { byKey } from '../../src/model.js';
import { load } from '../../src/read.js';
import { shape } from '../../src/view.js';
import type { Answer, Harness } from '../harness.js';
import { columnsOfJson, inputOf, keyNames, makerOf, type Subject, sampleOf } from '../subject.js';
import { subjects } from '../subjects.js';
import { sendAsUsual } from '../usual.js';
import type { Values } from '../values.js';

type Json = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: rows of any subject
type Shown = Record<string, any>;

/** What tells a row from all others: the members of its key. */
export type Key = Json;

const isNumbered = subjects.some(({ model }) => model.numbered === true);
const NOBODY = isNumbered ? 2_147_483_647 : '00000000-0000-4000-8000-00000000dead';

/** A subject as its clients reach it, and rows of it that are there before they do. */
export function resourceOf(service: Harness, subject: Subject) {
  const names = keyNames(subject);
  const send = (operation: string, input: Json = {}): Promise<Answer> =>
    sendAsUsual(service, `${subject.name}.${operation}`, input);
  const offers = (operation: string): boolean => subject.operations.includes(operation);

  /** The key in a row as clients see it. */
  const keyOf = (shown: Shown): Key => Object.fromEntries(names.map((name) => [name, shown[name]]));

  /** The row as clients see it. */
  async function shown(row: Shown): Promise<Shown> {
    const key = keyOf(row);
    if (offers('get')) {
      return (await send('get', key)).body;
    }
    if (subject.view !== undefined) {
      const context = service.context();
      const found = await load(context, subject.model, byKey(subject.model, key));
      return JSON.parse(JSON.stringify(await shape(context, subject.view, found)));
    }
    const { body } = await send('list', { limit: 100 });
    return body.items.find((item: Shown) => names.every((name) => item[name] === key[name]));
  }

  /** Adds a row without asking the service. */
  async function row(amount: 'bare' | 'full', n: number, more: Json = {}): Promise<Key> {
    const context = service.context();
    const values = { ...(await inputOf(context, subject, amount, n)), ...subject[amount], ...more };
    const links = Object.keys(subject.links ?? {}).flatMap((name) =>
      values[name] === undefined ? [] : [[name, values[name]]],
    );
    const made = await makerOf(subject as Subject<Json>)(
      context,
      columnsOfJson(subject, values),
      Object.fromEntries(links),
    );
    const key = names.map((name, index) => [name, made[String(subject.model.key[index])]]);
    // Moments as clients see them.
    return JSON.parse(JSON.stringify(Object.fromEntries(key))) as Key;
  }

  return {
    offers,
    send,
    shown,
    row,
    keyOf,
    /** A key that no row has. */
    nobody: Object.fromEntries(
      names.map((name) => [name, nobodyOf(subject.members[name]?.values)]),
    ),
    input: (amount: 'bare' | 'full', n: number): Promise<Json> =>
      inputOf(service.context(), subject, amount, n),
    value: (name: string, n: number): Promise<unknown> =>
      sampleOf(service.context(), subject.members[name] as Subject['members'][string], n),
    versionOf: (before: Shown): Json =>
      subject.versioned === true ? { version: before['version'] } : {},
    async given(amount: 'bare' | 'full', n: number, more: Json = {}) {
      const key = await row(amount, n, more);
      const before = await shown(key);
      expect(before, `${subject.name} ${Object.values(key)}`).toBeDefined();
      return { key, before };
    },
  };
}

/** A value that no row has in a member of its key, or in one that refers to such a row. */
export function nobodyOf(values: Values | undefined): unknown {
  return values === undefined || 'no UUID' in values.refused ? NOBODY : values.nth(50_000);
}
