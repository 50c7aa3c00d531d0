import { mkdirSync, writeFileSync } from 'node:fs';
import { it, vi } from 'vitest';
import { Failure } from '../src/failure.js';
import { criteria } from './criteria.js';
import { prove } from './criterion.js';
import { harness } from './harness.js';
import { startOver } from './subject.js';
import { wrongBodies } from './wrong-bodies.js';

type Operation = (context: never, input: never) => Promise<unknown>;

interface Asked {
  readonly slot: string;
  readonly proofs: readonly string[];
  readonly body: Operation;
}

// Before anything is loaded: a body stands wherever that of its slot is called from, and what it throws is seen.
const { seated, standing, thrown } = vi.hoisted(() => {
  type Body = (context: never, input: never) => Promise<unknown>;
  const standing = new Map<Body, Body>();
  const thrown: unknown[] = [];
  const seated = (module: object): object =>
    Object.fromEntries(
      Object.entries(module).map(([name, own]: [string, Body]) => {
        const seat: Body = async (context, input) => {
          try {
            return await (standing.get(seat) ?? own)(context, input);
          } catch (error) {
            thrown.push(error);
            throw error;
          }
        };
        return [name, seat];
      }),
    );
  return { seated, standing, thrown };
});
vi.mock('FILE', async (original) => seated(await original()));

const asked: readonly Asked[] = [];

const folder = process.env['TMPDIR'] ?? '.';
const service = harness();
const found: Record<string, unknown>[] = [];

function tell(entry: Record<string, unknown>): void {
  found.push(entry);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/proof.json`, JSON.stringify(found));
}

/** A value as JSON, without the members that another one has alike. */
function differing(value: unknown, other: unknown): string {
  const isObject = [value, other].every((each) => typeof each === 'object' && each !== null);
  if (!isObject || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  const others = other as Record<string, unknown>;
  const members = Object.entries(value as Record<string, unknown>).filter(
    ([name, member]) => JSON.stringify(member) !== JSON.stringify(others[name]),
  );
  return JSON.stringify(Object.fromEntries(members));
}

/** What comes of a criterion while a body stands in a slot: nothing, or why it fails. */
async function outcome(id: string, slot: Operation, body?: Operation): Promise<string> {
  const criterion = criteria.find((each) => each.id === id);
  if (criterion === undefined) {
    return 'there is no such criterion in the tests of the project';
  }
  thrown.length = 0;
  await service.empty();
  startOver();
  if (body !== undefined) {
    standing.set(slot, body);
  }
  try {
    await prove(service, criterion);
    return '';
  } catch (error) {
    const { message, actual, expected } = error as { message?: string; actual?: unknown; expected?: unknown };
    const values =
      actual === undefined && expected === undefined
        ? ''
        : `; expected ${differing(expected, actual)}, got ${differing(actual, expected)}`;
    // An answer does not show that a body itself failed.
    const unseen = thrown.filter((each) => !(each instanceof Failure)).map(String);
    return [`${message ?? error}${values}`, ...unseen].join('; ');
  } finally {
    standing.delete(slot);
  }
}

it('proves bodies of slots', { timeout: 600_000 }, async () => {
  for (const { slot, proofs, body } of asked) {
    let good = true;
    for (const id of proofs) {
      tell({ slot, runs: id });
      const said = await outcome(id, body);
      tell({ slot, criterion: id, said });
      good &&= said === '';
    }
    if (good) {
      const wrong = wrongBodies.filter((each) => each.slot === slot);
      const others: [string, Operation][] = wrong.map(({ name, body: other }) => [name, other as Operation]);
      const placeholder: Operation = async () => {
        throw new Failure('NOT_IMPLEMENTED');
      };
      for (const [name, other] of [...others, ['placeholder', placeholder] as [string, Operation]]) {
        const refused: string[] = [];
        for (const id of proofs) {
          tell({ slot, runs: name });
          if ((await outcome(id, body, other)) !== '') {
            refused.push(id);
          }
        }
        tell({ slot, variant: name, refused });
      }
    }
    tell({ slot, done: true });
  }
});
