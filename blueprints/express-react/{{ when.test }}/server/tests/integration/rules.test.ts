import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.js';
import { itIf } from '../conditional.js';
import { harness } from '../harness.js';
import { keyNames, type Subject, startOver, subjectNamed, writable } from '../subject.js';
import { subjects } from '../subjects.js';
import { nobodyOf, resourceOf } from './resource.js';

const service = harness();
beforeEach(startOver);

for (const subject of subjects) {
  const { offers, send, row, given, input, value, versionOf } = resourceOf(service, subject);
  const isWritable = (name: string) => writable(subject).some(([each]) => each === name);

  describe(`rules of ${subject.name}`, () => {
    for (const { members, error, isKey, values = {} } of subject.unique ?? []) {
      it(`${members.join(' and ')} stand once: ${error}`, async () => {
        const same: Record<string, unknown> = {};
        for (const member of members) {
          same[member] = values[member] ?? (await value(member, 1));
        }
        const key = await row('bare', 1, same);
        await expectFailure(error, () => row('bare', 2, same));
        if (offers('create') && members.every(isWritable)) {
          const again = { ...(await input('bare', 3)), ...same };
          expect((await send('create', again)).body).toMatchObject({ code: error });
          if (offers('delete') && !(isKey && subject.softDelete)) {
            await send('delete', key);
            expect((await send('create', again)).status).toBe(201);
          }
        }
      });
    }

    for (const { rule, error, values = {} } of subject.checks ?? []) {
      itIf(Object.keys(values).length > 0)(`${rule} holds, else ${error}`, async () => {
        if (!Object.keys(values).every(isWritable)) {
          await expectFailure(error, () => row('bare', 1, values));
          return;
        }
        if (offers('create')) {
          const sent = { ...(await input('bare', 1)), ...values };
          expect((await send('create', sent)).body).toMatchObject({ code: error });
        }
        const changes = Object.keys(values).every(
          (name) => subject.members[name]?.write === undefined,
        );
        if (offers('update') && changes) {
          const { key, before } = await given('bare', 2);
          const answer = await send('update', { ...key, ...versionOf(before), ...values });
          expect(answer.body).toMatchObject({ code: error });
        }
      });
    }

    for (const [name, { values, required, caller, absent = 'CONFLICT' }] of Object.entries(
      subject.members,
    )) {
      const { parent, others } = values;
      if ((parent ?? others) !== undefined && isWritable(name)) {
        itIf(offers('create'))(`${name} refers to a row that is there`, async () => {
          const nobody = nobodyOf(values);
          const wrong = parent === undefined ? [nobody] : nobody;
          const sent = { ...(await input('bare', 1)), [name]: wrong };
          expect((await send('create', sent)).body).toMatchObject({
            code: absent,
            errors: [{ path: name }],
          });
        });
      }
      if (parent !== undefined && caller === undefined) {
        deleting(name, subjectNamed(parent), values.deleting ?? 'restrict', required === true);
      }
    }
  });

  /** What becomes of a row when the one that it refers to is deleted. */
  function deleting(name: string, parent: Subject, rule: string, required: boolean): void {
    const owner = resourceOf(service, parent);
    const isHard = parent.softDelete !== true;
    itIf(owner.offers('delete') && isHard)(
      `${name}: ${rule} when the ${parent.name} is deleted`,
      async () => {
        const id = String(await value(name, 1));
        const child = await row('bare', 1, { [name]: id });
        const answer = await owner.send('delete', { [keyNames(parent)[0] as string]: id });
        if (rule === 'restrict') {
          expect(answer.body).toMatchObject({ status: 409, code: 'IN_USE' });
          return;
        }
        expect(answer.status, JSON.stringify(answer.body)).toBe(204);
        if (offers('get')) {
          const { status, body } = await send('get', child);
          expect([status, body[name] ?? null]).toEqual([rule === 'cascade' ? 404 : 200, null]);
        }
        expect(required && rule === 'set null').toBe(false);
      },
    );
  }
}

async function expectFailure(code: string, work: () => Promise<unknown>): Promise<void> {
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  expect((error as Failure).code).toBe(code);
}
