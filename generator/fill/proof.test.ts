import { mkdirSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { Failure } from '../src/failure.js';
import { routes } from '../src/routes.js';
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

const asked: readonly Asked[] = [];

const folder = process.env['TMPDIR'] ?? '.';
const service = harness();
const found: Record<string, unknown>[] = [];

function tell(entry: Record<string, unknown>): void {
  found.push(entry);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/proof.json`, JSON.stringify(found));
}

/** What an error says that no answer shows: the body itself failed. */
function noted(body: Operation, thrown: string[]): Operation {
  return async (context, input) => {
    try {
      return await body(context, input);
    } catch (error) {
      if (!(error instanceof Failure)) {
        thrown.push(String(error));
      }
      throw error;
    }
  };
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

async function outcome(id: string, own: Operation, body: Operation): Promise<string> {
  const criterion = criteria.find((each) => each.id === id);
  if (criterion === undefined) {
    return 'there is no such criterion in the tests of the project';
  }
  const thrown: string[] = [];
  await service.empty();
  startOver();
  const route = routes.find((each) => (each as { run: unknown }).run === own);
  const stands = [own, (route as { run?: Operation } | undefined)?.run ?? own];
  try {
    const bodies = new Map(stands.map((each) => [each, noted(body, thrown)]));
    await prove(service, criterion, bodies as never);
    return '';
  } catch (error) {
    const { message, actual, expected } = error as { message?: string; actual?: unknown; expected?: unknown };
    const values =
      actual === undefined && expected === undefined
        ? ''
        : `; expected ${differing(expected, actual)}, got ${differing(actual, expected)}`;
    return [`${message ?? error}${values}`, ...thrown].join('; ');
  }
}

it('proves bodies of slots', { timeout: 600_000 }, async () => {
  for (const { slot, proofs, body } of asked) {
    let good = true;
    for (const id of proofs) {
      tell({ slot, runs: id });
      const said = await outcome(id, body, body);
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
