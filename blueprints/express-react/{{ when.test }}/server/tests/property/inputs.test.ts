import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { itIf } from '../conditional.js';
import { harness } from '../harness.js';
import { resourceOf } from '../integration/resource.js';
import { isNeeded, keptOf, type Subject, startOver, writable } from '../subject.js';
import { subjects } from '../subjects.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25);
const service = harness();
beforeEach(startOver);

describe('any valid input', () => {
  for (const subject of subjects.filter((each) => each.operations.includes('create'))) {
    const { send, shown, input, keyOf, offers } = resourceOf(service, subject);
    const constraints = [...(subject.unique ?? []), ...(subject.checks ?? [])];
    const rules = [...constraints.map(({ error }) => error), ...(subject.exclusions ?? [])];
    // What a rule of the row refuses is not about one member, other than what is not valid by itself.
    const isRule = ({ code, errors }: { code: string; errors?: object }) =>
      rules.includes(code) && (code !== 'VALIDATION_FAILED' || errors === undefined);

    it(`of ${subject.name}.create comes back as it was sent`, async () => {
      const references = await input('full', 1);
      await fc.assert(
        fc.asyncProperty(inputs(subject, references), async (sent) => {
          const answer = await send('create', sent);
          if (isRule(answer.body)) {
            return;
          }
          expect(answer.status, JSON.stringify(answer.body)).toBe(201);
          expect(answer.body).toMatchObject(kept(subject, sent));
          expect(await shown(answer.body)).toEqual(answer.body);
        }),
        { numRuns: RUNS, seed: 1 },
      );
    });

    itIf(offers('update'))(`of ${subject.name}.update comes back as it was sent`, async () => {
      const first = await input('full', 1);
      const { body } = await send('create', first);
      let { version } = body;
      const changes = inputs(subject, first, false);
      await fc.assert(
        fc.asyncProperty(changes, async (sent) => {
          const changed = subject.versioned === true ? { ...sent, version } : sent;
          const answer = await send('update', { ...keyOf(body), ...changed });
          if (isRule(answer.body)) {
            return;
          }
          expect(answer.status, JSON.stringify(answer.body)).toBe(200);
          expect(answer.body).toMatchObject(kept(subject, sent));
          version = answer.body.version;
        }),
        { numRuns: RUNS, seed: 2 },
      );
    });
  }
});

/** Objects with every needed member, and some of the others; references lead to rows that are there. */
function inputs(subject: Subject, references: Record<string, unknown>, creates = true) {
  const members = writable(subject).filter(([, { write }]) => creates || write === undefined);
  const entries = members.map(([name, { values, required }]) => {
    const isReference = values.parent !== undefined || values.others !== undefined;
    const any = isReference ? fc.constant(references[name]) : values.any;
    const isOptional = required !== true && values.others === undefined;
    return [name, isOptional ? fc.option(any) : any] as const;
  });
  const requiredKeys = creates
    ? members.filter(([, member]) => isNeeded(member)).map(([name]) => name)
    : [];
  return fc.record(Object.fromEntries(entries), { requiredKeys });
}

function kept(subject: Subject, sent: Record<string, unknown>): Record<string, unknown> {
  const visible = writable(subject).filter(([name, { hidden }]) => name in sent && hidden !== true);
  return Object.fromEntries(visible.map(([name, member]) => [name, keptOf(member, sent[name])]));
}
