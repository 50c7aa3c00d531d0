import { errors } from '@app/contract/errors';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Context } from '../src/context.js';
import { Failure } from '../src/failure.js';
import type { Harness } from './harness.js';

type Json = Readonly<Record<string, unknown>>;
type Operation = (context: Context, input: never) => Promise<unknown>;

// biome-ignore lint/suspicious/noExplicitAny: results of any shape
type Result = any;

/** How an operation ended: what it gave, or the code and the parameters of its failure. */
interface Outcome {
  readonly status?: number;
  readonly body?: unknown;
  readonly code?: string;
  readonly params?: Json;
}

interface Expected {
  readonly status?: number;
  readonly error?: string;
  readonly with?: Json;
  /** Members that the answer has at least; lists in full. */
  readonly body?: unknown;
  readonly present?: readonly string[];
  readonly absent?: readonly string[];
}

/** An action that is not done yet, for `together`. */
interface Action {
  readonly http?: string;
  readonly call?: Operation;
  readonly send?: Json;
}

/** What a criterion is told with: given rows, actions, and what must hold after them. */
interface World {
  /** Its clock stands still between two `advance`s. */
  readonly context: Context;
  /** Sends a request by the operation's id; gives the body of the answer. */
  http(operation: string, input?: Json, expected?: Expected): Promise<Result>;
  /** Calls the service without HTTP; gives its result. */
  call(operation: Operation, input?: Json, expected?: Expected): Promise<Result>;
  /** Does actions at once, which end as expected: `ok` or a code, in any order. */
  together(actions: readonly Action[], outcomes: readonly string[]): Promise<void>;
  advance(milliseconds: number): void;
  /** Does something several times, one after the other. */
  times(count: number, work: () => Promise<unknown>): Promise<void>;
  /** Expects a number of events of a name. */
  emitted(name: string, count: number): Promise<void>;
  /** Expects a value, or the members of a row, to be as the plan says. */
  same(actual: unknown, expected: unknown): void;
  /** Expects an expression of the plan over the state and the result to be true. */
  holds(condition: boolean): void;
}

export interface Criterion {
  readonly id: string;
  readonly title: string;
  /** The clock at its beginning. */
  readonly at?: string;
  /** Slots that may still be empty: then the criterion is pending. */
  readonly awaits?: readonly string[];
  readonly prove: (world: World) => Promise<void>;
}

/** A body that must not pass for a slot's own. */
export interface WrongBody {
  readonly slot: string;
  readonly name: string;
  /** The operation whose place it takes. */
  readonly stands: Operation;
  readonly provenBy: readonly string[];
  readonly body: Operation;
}

/** The body of a slot is a placeholder: nothing is proved, and nothing is refuted. */
export class Pending extends Error {
  override readonly name = 'Pending';
}

/** Other bodies of operations, by the functions that they stand in for. */
type Replacements = ReadonlyMap<Operation, Operation>;

type Order = 'as written' | 'reversed';

/** Proves a criterion; what is done at once runs one after the other on the embedded database. */
export async function prove(
  service: Harness,
  criterion: Criterion,
  replacements: Replacements = new Map(),
): Promise<void> {
  const first = await run(service, criterion, replacements, 'as written');
  if (first.wasTogether && service.isEmbedded) {
    await service.empty();
    await run(service, criterion, replacements, 'reversed');
  }
}

async function run(
  service: Harness,
  criterion: Criterion,
  replacements: Replacements,
  order: Order,
): Promise<{ wasTogether: boolean }> {
  if (criterion.at !== undefined) {
    service.setClock(criterion.at);
  }
  let wasTogether = false;

  async function http(operation: string, input: Json = {}): Promise<Outcome> {
    const { status, body } = await service.send(operation, input, replacements);
    return settled(criterion, status < 400 ? { status, body } : { status, ...body });
  }

  async function call(operation: Operation, input: Json = {}): Promise<Outcome> {
    const body = (replacements.get(operation) ?? operation) as (
      context: Context,
      input: Json,
    ) => Promise<unknown>;
    try {
      return { body: await body(service.context(), JSON.parse(JSON.stringify(input)) as Json) };
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      const { code, params } = error;
      return settled(criterion, { status: errors[code].status, code, params });
    }
  }

  const act = async ({ http: operation, call: called, send }: Action): Promise<string> => {
    const ended = called === undefined ? http(String(operation), send) : call(called, send);
    return (await ended).code ?? 'ok';
  };

  await criterion.prove({
    context: standing(service),
    http: async (operation, input, expected) => check(await http(operation, input), expected),
    call: async (operation, input, expected) => check(await call(operation, input), expected),
    advance: (milliseconds) => service.advance(milliseconds),
    async together(actions, expected) {
      wasTogether = true;
      const works = actions.map((action) => () => act(action));
      const outcomes = service.isEmbedded
        ? await inTurn(order === 'reversed' ? works.reverse() : works)
        : await service.atOnce(works);
      expect(outcomes.sort(), `the outcomes, ${order}`).toEqual([...expected].sort());
    },
    async times(count, work) {
      await inTurn(Array.from({ length: count }, () => work));
    },
    async emitted(name, expected) {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from outbox where name = ${name}`.execute(service.open.database);
      expect(rows[0]?.count, `events called ${name}`).toBe(expected);
    },
    same: (actual, expected) => {
      if (typeof expected === 'object' && expected !== null && !(expected instanceof Date)) {
        expect(actual).toMatchObject(expected);
      } else {
        expect(actual).toEqual(expected);
      }
    },
    holds: (condition) => expect(condition).toBe(true),
  });
  return { wasTogether };
}

async function inTurn<Value>(works: readonly (() => Promise<Value>)[]): Promise<Value[]> {
  const values: Value[] = [];
  for (const work of works) {
    values.push(await work());
  }
  return values;
}

/** A context whose clock follows `advance`. */
function standing(service: Harness): Context {
  return Object.defineProperty({ ...service.context() }, 'now', {
    enumerable: true,
    get: () => service.context().now,
  });
}

function settled(criterion: Criterion, outcome: Outcome): Outcome {
  if (outcome.code === 'NOT_IMPLEMENTED' && criterion.awaits !== undefined) {
    throw new Pending(`${criterion.awaits.join(', ')} is a placeholder`);
  }
  return outcome;
}

/** Checks an outcome; without `error` it must be a success. Gives what the operation gave. */
function check(outcome: Outcome, expected: Expected = {}): Result {
  const { status, error, body, present = [], absent = [] } = expected;
  expect(outcome.code, 'the error').toBe(error);
  if (status !== undefined) {
    expect(outcome.status, 'the status').toBe(status);
  }
  if (expected.with !== undefined) {
    expect(outcome.params, 'the parameters of the error').toMatchObject(expected.with);
  }
  if (body !== undefined) {
    expect(outcome.body, 'the answer').toEqual(subsetOf(body, outcome.body));
  }
  for (const path of present) {
    expect(at(outcome.body, path), path).not.toHaveLength(0);
  }
  for (const path of absent) {
    expect(at(outcome.body, path), path).toHaveLength(0);
  }
  return revived(outcome.body);
}

/** The actual value, with the expected one wherever that says anything. */
function subsetOf(expected: unknown, actual: unknown): unknown {
  if (expected instanceof Date) {
    return expected.toISOString();
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return expected.map((item, index) => subsetOf(item, actual[index]));
  }
  if (isObject(expected) && isObject(actual)) {
    const members = Object.entries(expected).map(([name, value]) => [
      name,
      subsetOf(value, actual[name]),
    ]);
    return { ...actual, ...Object.fromEntries(members) };
  }
  return expected;
}

/** The values at a path, whichever way the names of its members are written; lists are looked into. */
function at(value: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (found, name) =>
      found.flat().flatMap((item) =>
        isObject(item)
          ? Object.entries(item)
              .filter(([member, inner]) => bare(member) === bare(name) && inner !== undefined)
              .map(([, inner]) => inner)
          : [],
      ),
    [value],
  );
}

function bare(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** An answer whose moments are dates again, as expressions compare them. */
function revived(body: unknown): unknown {
  return body === undefined
    ? undefined
    : JSON.parse(JSON.stringify(body), (_name, value) =>
        typeof value === 'string' && MOMENT.test(value) ? new Date(value) : value,
      );
}
