import { expect } from 'vitest';
import type { Answer, Harness } from '../harness.js';
import { columnsOfJson, inputOf, makerOf, type Subject, sampleOf } from '../subject.js';

type Json = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: rows of any subject
type Shown = Record<string, any>;

export const NOBODY = '00000000-0000-4000-8000-00000000dead';

/** A subject as its clients reach it, and rows of it that are there before they do. */
export function resourceOf(service: Harness, subject: Subject) {
  const send = (operation: string, input: Json = {}): Promise<Answer> =>
    service.send(`${subject.name}.${operation}`, input);
  const offers = (operation: string): boolean => subject.operations.includes(operation);

  /** The row as clients see it. */
  async function shown(id: string): Promise<Shown> {
    if (offers('get')) {
      return (await send('get', { id })).body;
    }
    const { body } = await send('list', { limit: 100 });
    return body.items.find((item: Shown) => item['id'] === id);
  }

  /** Adds a row without asking the service. */
  async function row(amount: 'bare' | 'full', n: number, more: Json = {}): Promise<string> {
    const context = service.context();
    const values = { ...(await inputOf(context, subject, amount, n)), ...subject[amount], ...more };
    const links = Object.keys(subject.links ?? {}).flatMap((name) =>
      values[name] === undefined ? [] : [[name, values[name]]],
    );
    const made = await makerOf(subject as Subject<{ id: string }>)(
      context,
      columnsOfJson(subject, values),
      Object.fromEntries(links),
    );
    return made.id;
  }

  return {
    offers,
    send,
    shown,
    row,
    input: (amount: 'bare' | 'full', n: number): Promise<Json> =>
      inputOf(service.context(), subject, amount, n),
    value: (name: string, n: number): Promise<unknown> =>
      sampleOf(service.context(), subject.members[name] as Subject['members'][string], n),
    versionOf: (before: Shown): Json =>
      subject.versioned === true ? { version: before['version'] } : {},
    async given(amount: 'bare' | 'full', n: number, more: Json = {}) {
      const id = await row(amount, n, more);
      const before = await shown(id);
      expect(before, `${subject.name} ${id}`).toBeDefined();
      return { id, before };
    },
  };
}
