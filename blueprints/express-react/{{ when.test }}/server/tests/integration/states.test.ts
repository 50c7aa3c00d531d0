import { beforeEach, describe, expect, it } from 'vitest';
import { itIf } from '../conditional.js';
import { harness } from '../harness.js';
import {
  columnOf,
  makerOf,
  type States,
  type Subject,
  startOver,
  type Variant,
} from '../subject.js';
import { subjects } from '../subjects.js';
import { type Key, resourceOf } from './resource.js';

const service = harness();
beforeEach(startOver);

const LONG = 10 * 365 * 86_400_000;

for (const subject of subjects) {
  if (subject.states !== undefined && subject.operations.length > 0) {
    describe(`states of ${subject.name}`, () => testStates(subject, subject.states as States));
  }
}

function testStates(subject: Subject, { member, initial, all, ways }: States): void {
  const { send, row, shown, nobody, offers, input } = resourceOf(service, subject);

  itIf(offers('create'))(`begin with ${initial}`, async () => {
    const { body } = await send('create', await input('bare', 1));
    expect(body[member]).toBe(initial);
  });

  for (const [name, { from, to, guard, sets }] of Object.entries(ways)) {
    const open = guard === undefined ? 'full' : guard.open;
    const closed = guard?.closed;

    for (const state of Object.keys(all).filter((each) => !from.includes(each))) {
      it(`${name} does not start from ${state}`, async () => {
        const key = await inState(state, 'full');
        const { body } = await send(name, key);
        expect(body).toMatchObject({ code: 'INVALID_TRANSITION', params: { from: state, to } });
        expect((await shown(key))[member]).toBe(state);
      });
    }

    for (const state of from) {
      itIf(open)(`${name} goes from ${state} to ${to}`, async () => {
        const key = await inState(state, open as Variant);
        const { version } = await shown(key);
        const answer = await send(name, {
          ...key,
          ...(subject.versioned === true ? { version } : {}),
        });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expect(answer.body).toMatchObject({ ...(open === 'old' ? {} : sets), [member]: to });
        expect(await shown(key)).toEqual(answer.body);
      });

      itIf(closed)(`${name} fails from ${state} with ${guard?.error}`, async () => {
        const key = await inState(state, closed as Variant);
        expect((await send(name, key)).body).toMatchObject({ code: guard?.error });
        expect((await shown(key))[member]).toBe(state);
      });
    }

    itIf(subject.versioned)(`${name} heeds the version`, async () => {
      const key = await inState(from[0] as string, open ?? 'full');
      const { body } = await send(name, { ...key, version: 7 });
      expect(body.code).toBe('VERSION_CONFLICT');
    });

    it(`${name} knows no row by an id that was never given`, async () => {
      const { body } = await send(name, nobody);
      expect(body.code).toBe('NOT_FOUND');
    });
  }

  async function inState(state: string, variant: Variant): Promise<Key> {
    const more = { ...all[state], [member]: state };
    const key = await row(variant === 'bare' ? 'bare' : 'full', 1, more);
    if (variant === 'referred') {
      await referTo(subject, key);
    }
    if (variant === 'old') {
      service.advance(LONG);
    }
    return key;
  }
}

/** Adds a row for each member of any subject that can refer to the row. */
async function referTo(subject: Subject, key: Key): Promise<void> {
  for (const other of subjects) {
    for (const [name, member] of Object.entries(other.members)) {
      if (member.values.parent === subject.name) {
        const make = makerOf(other as Subject<Record<string, unknown>>);
        await make(service.context(), { [columnOf(name, member)]: Object.values(key)[0] });
      }
    }
  }
}
