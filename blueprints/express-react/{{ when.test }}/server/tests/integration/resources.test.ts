import { beforeEach, expect, it } from 'vitest';
import { describeIf, itIf } from '../conditional.js';
import { harness } from '../harness.js';
import {
  changeable,
  isNeeded,
  keptOf,
  keyNames,
  type Member,
  type Subject,
  startOver,
  sampleOf,
  writable,
} from '../subject.js';
import { subjects } from '../subjects.js';
import { type Key, resourceOf } from './resource.js';

const service = harness();
beforeEach(startOver);

for (const subject of subjects.filter((each) => each.operations.length > 0)) {
  const { offers, send, given, shown, input, keyOf, nobody, versionOf } = resourceOf(
    service,
    subject,
  );
  const { name: subjectName, derived = [] } = subject;
  const names = keyNames(subject);
  const locationOf = (row: Key) => [subject.path, ...names.map((name) => row[name])].join('/');

  describeIf(offers('create'))(`${subjectName}.create`, () => {
    for (const amount of ['bare', 'full'] as const) {
      it(`keeps a row with ${amount === 'bare' ? 'only what is required' : 'everything'}`, async () => {
        const sent = await input(amount, 1);
        const answer = await send('create', sent);
        expect(answer.status, JSON.stringify(answer.body)).toBe(201);
        expect(answer.headers.get('Location')).toBe(locationOf(answer.body));
        for (const [name, member] of Object.entries(subject.members)) {
          const value = name in sent ? sent[name] : (member.default ?? null);
          if (member.computed === true && !(name in sent)) {
            expect(answer.body[name], name).not.toBeNull();
          } else if (member.hidden === true) {
            expect(answer.body, name).not.toHaveProperty(name);
          } else if (member.write !== 'never') {
            expect(answer.body, name).toHaveProperty(name, keptOf(member, value));
          }
        }
        expect(await shown(answer.body)).toEqual(answer.body);
      });
    }

    for (const [name, member] of writable(subject)) {
      if (isNeeded(member)) {
        it(`refuses a row without ${name}`, async () => {
          const { [name]: _left, ...rest } = await input('bare', 1);
          refused(await send('create', rest), name);
        });
      }
      it(`refuses ${name} that is not valid`, async () => {
        const sent = await input('bare', 1);
        for (const [reason, value] of Object.entries(member.values.refused)) {
          const answer = await send('create', { ...sent, [name]: value });
          refused(answer, name, reason);
        }
      });
    }

    for (const [name, member] of Object.entries(subject.members)) {
      if (member.write === 'never') {
        it(`does not let clients set ${name}`, async () => {
          const value = member.values.nth(1);
          refused(await send('create', { ...(await input('bare', 1)), [name]: value }), name);
        });
      }
    }

    it('refuses a member that does not exist', async () => {
      const sent = { ...(await input('bare', 1)), surelyNoMember: 1 };
      refused(await send('create', sent), 'surelyNoMember');
    });
  });

  describeIf(offers('get'))(`${subjectName}.get`, () => {
    it('knows no row by an id that was never given', async () => {
      fails(await send('get', nobody), 404, 'NOT_FOUND');
    });

    for (const name of names.filter((each) => typed(subject, each))) {
      it(`refuses what is no ${name}`, async () => {
        refused(await send('get', { ...nobody, [name]: 'nothing' }), name);
      });
    }

    it('takes no other method', async () => {
      const answer = await service.request('put', locationOf(nobody), {});
      fails(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.get('Allow')).toContain('GET');
    });
  });

  describeIf(offers('update'))(`${subjectName}.update`, () => {
    for (const [name, member] of changeable(subject)) {
      const tied = subject.tied?.[name];
      const amount = tied === 'bare' ? 'bare' : 'full';
      itIf(tied !== 'none')(`changes ${name} and nothing else`, async () => {
        const { key, before } = await given(amount, 1);
        const value = await sampleOf(service.context(), member, 2);
        service.advance(1000);
        const answer = await send('update', { ...key, ...versionOf(before), [name]: value });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expect(answer.body).toEqual({
          ...before,
          // What is computed may follow the change.
          ...Object.fromEntries(derived.map((each) => [each, answer.body[each]])),
          ...(member.hidden === true ? {} : { [name]: keptOf(member, value) }),
          ...timesOf(before, service.context().now),
          ...(subject.versioned === true ? { version: before['version'] + 1 } : {}),
        });
        expect(await shown(key)).toEqual(answer.body);
      });

      itIf(tied !== 'none' && !isKept(member))(`clears ${name} with null`, async () => {
        const value = await sampleOf(service.context(), member, 1);
        const { key, before } = await given(amount, 1, { [name]: value });
        const answer = await send('update', { ...key, ...versionOf(before), [name]: null });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expect((await shown(key))[name] ?? null).toBeNull();
      });

      it(`refuses ${name} that is not valid`, async () => {
        const { key, before } = await given('bare', 1);
        const wrong = Object.entries(member.values.refused);
        for (const [reason, value] of [
          ...wrong,
          ...(isKept(member) && wrong.length > 0 ? [['null', null]] : []),
        ]) {
          const answer = await send('update', { ...key, ...versionOf(before), [name]: value });
          refused(answer, name, String(reason));
        }
        expect(await shown(key)).toEqual(before);
      });
    }

    for (const [name, member] of Object.entries(subject.members)) {
      if (member.write !== undefined && !names.includes(name)) {
        it(`does not let clients change ${name}`, async () => {
          const { key, before } = await given('bare', 1);
          const value = member.values.nth(2);
          refused(await send('update', { ...key, ...versionOf(before), [name]: value }), name);
        });
      }
    }

    it('keeps what is absent', async () => {
      const { key, before } = await given('full', 1);
      const answer = await send('update', { ...key, ...versionOf(before) });
      expect(answer.status).toBe(200);
      const kept = writable(subject).filter(([, { hidden }]) => hidden !== true);
      expect(answer.body).toMatchObject(
        Object.fromEntries(kept.map(([name]) => [name, before[name]])),
      );
    });

    it('knows no row by an id that was never given', async () => {
      const version = subject.versioned === true ? { version: 1 } : {};
      fails(await send('update', { ...nobody, ...version }), 404, 'NOT_FOUND');
    });

    itIf(subject.versioned)('refuses a change that was decided on an older version', async () => {
      const { key } = await given('full', 1);
      expect((await send('update', { ...key, version: 1 })).body.version).toBe(2);
      fails(await send('update', { ...key, version: 1 }), 409, 'VERSION_CONFLICT');
      refused(await send('update', key), 'version');
      expect((await shown(key))['version']).toBe(2);
    });
  });

  describeIf(offers('delete'))(`${subjectName}.delete`, () => {
    it('takes the row away, once, and no other', async () => {
      const { key } = await given('full', 1);
      const other = await given('full', 2);
      expect((await send('delete', key)).status).toBe(204);
      await gone(key);
      fails(await send('delete', key), 404, 'NOT_FOUND');
      expect(stored(await shown(other.key))).toEqual(stored(other.before));
    });

    /** What is computed may follow the other rows. */
    const stored = (row: object) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !derived.includes(name)));

    async function gone(key: Key): Promise<void> {
      if (offers('get')) {
        fails(await send('get', key), 404, 'NOT_FOUND');
      }
      if (offers('update')) {
        const version = subject.versioned === true ? { version: 1 } : {};
        fails(await send('update', { ...key, ...version }), 404, 'NOT_FOUND');
      }
      if (offers('list')) {
        const { body } = await send('list', { limit: 100 });
        expect(body.items.map(keyOf)).not.toContainEqual(key);
        expect(body.total).toBe(body.items.length);
      }
    }

    describeIf(offers('restore'))(`${subjectName}.restore`, () => {
      it('brings back what was deleted', async () => {
        const { key, before } = await given('full', 1);
        fails(await send('restore', key), 404, 'NOT_FOUND');
        await send('delete', key);
        expect((await send('restore', key)).status).toBe(200);
        expect(await shown(key)).toEqual(before);
      });
    });
  });
}

/** When a row says that it was changed, by whichever name. */
function timesOf(row: object, now: Date): Record<string, string> {
  const names = ['updatedAt', 'updated_at'].filter((name) => name in row);
  return Object.fromEntries(names.map((name) => [name, now.toISOString()]));
}

/** Whether not every text can stand for the member of the key. */
function typed(subject: Subject, name: string): boolean {
  const values = subject.members[name]?.values;
  return values === undefined || 'no UUID' in values.refused;
}

/** Whether there is always a value. */
function isKept(member: Member): boolean {
  return member.required === true || member.values.others !== undefined;
}

function fails(answer: { status: number; body: { code: string } }, status: number, code: string) {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
}

/** What is not valid by itself is refused with its reason, before the database sees it. */
function refused(answer: { body: unknown }, member: string, reason = member): void {
  expect(answer.body, reason).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { errors } = answer.body as { errors: { path: string; message: string }[] };
  const own = errors.filter(({ path }) => path.split('.')[0] === member);
  const messages = own.map(({ message }) => message);
  expect(messages, reason).not.toEqual([]);
  expect(messages, reason).not.toContain('is refused');
}
