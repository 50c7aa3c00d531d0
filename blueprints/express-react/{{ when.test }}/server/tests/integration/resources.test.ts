import { beforeEach, expect, it } from 'vitest';
import { describeIf, itIf } from '../conditional.js';
import { harness } from '../harness.js';
import {
  changeable,
  isNeeded,
  keptOf,
  type Member,
  startOver,
  sampleOf,
  writable,
} from '../subject.js';
import { subjects } from '../subjects.js';
import { NOBODY, resourceOf } from './resource.js';

const service = harness();
beforeEach(startOver);

for (const subject of subjects.filter((each) => each.operations.length > 0)) {
  const { offers, send, given, shown, input, versionOf } = resourceOf(service, subject);
  const { name: key, derived = [] } = subject;

  describeIf(offers('create'))(`${key}.create`, () => {
    for (const amount of ['bare', 'full'] as const) {
      it(`keeps a row with ${amount === 'bare' ? 'only what is required' : 'everything'}`, async () => {
        const sent = await input(amount, 1);
        const answer = await send('create', sent);
        expect(answer.status, JSON.stringify(answer.body)).toBe(201);
        expect(answer.headers.get('Location')).toBe(`${subject.path}/${answer.body.id}`);
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
        expect(await shown(answer.body.id)).toEqual(answer.body);
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
          refused(answer, name, reason, member.values.late?.includes(reason));
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

  describeIf(offers('get'))(`${key}.get`, () => {
    it('knows no row by an id that was never given', async () => {
      fails(await send('get', { id: NOBODY }), 404, 'NOT_FOUND');
    });

    it('refuses what is no id', async () => {
      refused(await send('get', { id: 'nothing' }), 'id');
    });

    it('takes no other method', async () => {
      const answer = await service.request('put', `${subject.path}/${NOBODY}`, {});
      fails(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.get('Allow')).toContain('GET');
    });
  });

  describeIf(offers('update'))(`${key}.update`, () => {
    for (const [name, member] of changeable(subject)) {
      const tied = subject.tied?.[name];
      const amount = tied === 'bare' ? 'bare' : 'full';
      itIf(tied !== 'none')(`changes ${name} and nothing else`, async () => {
        const { id, before } = await given(amount, 1);
        const value = await sampleOf(service.context(), member, 2);
        service.advance(1000);
        const answer = await send('update', { id, ...versionOf(before), [name]: value });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expect(answer.body).toEqual({
          ...before,
          // What is computed may follow the change.
          ...Object.fromEntries(derived.map((each) => [each, answer.body[each]])),
          ...(member.hidden === true ? {} : { [name]: keptOf(member, value) }),
          ...timesOf(before, service.context().now),
          ...(subject.versioned === true ? { version: before['version'] + 1 } : {}),
        });
        expect(await shown(id)).toEqual(answer.body);
      });

      itIf(tied !== 'none' && !isKept(member))(`clears ${name} with null`, async () => {
        const value = await sampleOf(service.context(), member, 1);
        const { id, before } = await given(amount, 1, { [name]: value });
        const answer = await send('update', { id, ...versionOf(before), [name]: null });
        expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        expect((await shown(id))[name] ?? null).toBeNull();
      });

      it(`refuses ${name} that is not valid`, async () => {
        const { id, before } = await given('bare', 1);
        const wrong = Object.entries(member.values.refused);
        for (const [reason, value] of [
          ...wrong,
          ...(isKept(member) && wrong.length > 0 ? [['null', null]] : []),
        ]) {
          const answer = await send('update', { id, ...versionOf(before), [name]: value });
          refused(answer, name, String(reason), member.values.late?.includes(String(reason)));
        }
        expect(await shown(id)).toEqual(before);
      });
    }

    for (const [name, member] of Object.entries(subject.members)) {
      if (member.write !== undefined) {
        it(`does not let clients change ${name}`, async () => {
          const { id, before } = await given('bare', 1);
          const value = member.values.nth(2);
          refused(await send('update', { id, ...versionOf(before), [name]: value }), name);
        });
      }
    }

    it('keeps what is absent', async () => {
      const { id, before } = await given('full', 1);
      const answer = await send('update', { id, ...versionOf(before) });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject(
        Object.fromEntries(writable(subject).map(([name]) => [name, before[name]])),
      );
    });

    it('knows no row by an id that was never given', async () => {
      const version = subject.versioned === true ? { version: 1 } : {};
      fails(await send('update', { id: NOBODY, ...version }), 404, 'NOT_FOUND');
    });

    itIf(subject.versioned)('refuses a change that was decided on an older version', async () => {
      const { id } = await given('full', 1);
      expect((await send('update', { id, version: 1 })).body.version).toBe(2);
      fails(await send('update', { id, version: 1 }), 409, 'VERSION_CONFLICT');
      refused(await send('update', { id }), 'version');
      expect((await shown(id))['version']).toBe(2);
    });
  });

  describeIf(offers('delete'))(`${key}.delete`, () => {
    it('takes the row away, once, and no other', async () => {
      const { id } = await given('full', 1);
      const other = await given('full', 2);
      expect((await send('delete', { id })).status).toBe(204);
      await gone(id);
      fails(await send('delete', { id }), 404, 'NOT_FOUND');
      expect(stored(await shown(other.id))).toEqual(stored(other.before));
    });

    /** What is computed may follow the other rows. */
    const stored = (row: object) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !derived.includes(name)));

    async function gone(id: string): Promise<void> {
      if (offers('get')) {
        fails(await send('get', { id }), 404, 'NOT_FOUND');
      }
      if (offers('update')) {
        const version = subject.versioned === true ? { version: 1 } : {};
        fails(await send('update', { id, ...version }), 404, 'NOT_FOUND');
      }
      if (offers('list')) {
        const { body } = await send('list', { limit: 100 });
        expect(body.items.map((item: { id: string }) => item.id)).not.toContain(id);
        expect(body.total).toBe(body.items.length);
      }
    }

    describeIf(offers('restore'))(`${key}.restore`, () => {
      it('brings back what was deleted', async () => {
        const { id, before } = await given('full', 1);
        fails(await send('restore', { id }), 404, 'NOT_FOUND');
        await send('delete', { id });
        expect((await send('restore', { id })).status).toBe(200);
        expect(await shown(id)).toEqual(before);
      });
    });
  });
}

/** When a row says that it was changed, by whichever name. */
function timesOf(row: object, now: Date): Record<string, string> {
  const names = ['updatedAt', 'updated_at'].filter((name) => name in row);
  return Object.fromEntries(names.map((name) => [name, now.toISOString()]));
}

/** Whether there is always a value. */
function isKept(member: Member): boolean {
  return member.required === true || member.values.others !== undefined;
}

function fails(answer: { status: number; body: { code: string } }, status: number, code: string) {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
}

/** What is not valid by itself is refused with its reason, before the database sees it. */
function refused(answer: { body: unknown }, member: string, reason = member, late = false): void {
  expect(answer.body, reason).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { errors } = answer.body as { errors: { path: string; message: string }[] };
  const own = errors.filter(({ path }) => path.split('.')[0] === member);
  const messages = own.map(({ message }) => message);
  expect(messages, reason).not.toEqual([]);
  expect(late || !messages.includes('is refused'), reason).toBe(true);
}
