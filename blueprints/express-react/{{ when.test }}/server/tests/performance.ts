import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.js';
import { type Context, createContext } from '../src/context.js';
import { openDatabase } from '../src/database.js';
import { Failure } from '../src/failure.js';
import { createLogger } from '../src/logger.js';
import { migrateUp, readMigrations } from '../src/migrator.js';
import { describe as describeApi } from '../src/openapi.js';
import { product } from '../src/product.js';
import { routes } from '../src/routes.js';
import { sampleOf } from '../src/samples.js';
import { remove } from '../src/write.js';
import { type Budget, budgets } from './budgets.js';
import { databaseOfWorker, type Harness, requestOf } from './harness.js';
import { resourceOf } from './integration/resource.js';
import { byConnections, byRate, p95, type Request } from './load.js';
import { settings } from './settings.js';
import { makerOf, type Subject, startOver, subjectNamed } from './subject.js';
import { subjects } from './subjects.js';
import { usualHeaders } from './usual.js';

const SERVER = fileURLToPath(new URL('../dist/server.js', import.meta.url));
/** Rows of each entity that are there before. */
const ROWS = 100;
const REQUESTS_PER_CONNECTION = 25;
const SECONDS = 5;

type Json = Record<string, unknown>;

describe.skipIf(budgets.length === 0)('answers come in time', () => {
  // Each has a database of its own, in which nobody is yet.
  beforeEach(startOver);

  for (const budget of budgets) {
    const { operation, connections = 1, rate } = budget;
    const load = rate === undefined ? `over ${connections} connections` : `at ${rate} a second`;

    it(`95 of 100 of ${operation} within ${budget.p95} ms ${load}`, async () => {
      const count = rate === undefined ? connections * REQUESTS_PER_CONNECTION : rate * SECONDS;
      await withServer(
        (context) => requestsOf(context, operation, budget, count + connections),
        async (url, requests) => {
          // The first answers do not count: the server compiles its code on the way to them.
          await byConnections(url, requests.slice(count), connections);
          const measured = requests.slice(0, count);
          const answers =
            rate === undefined
              ? await byConnections(url, measured, connections)
              : await byRate(url, measured, rate);
          expect(answers.find(({ status }) => status >= 400)).toBeUndefined();
          const reached = p95(answers);
          process.stdout.write(`${operation}: ${reached.toFixed(1)} of ${budget.p95} ms\n`);
          expect(reached, 'milliseconds for 95 of 100 answers').toBeLessThanOrEqual(budget.p95);
        },
      );
    });
  }
});

/** Runs the server that was built, over rows of its own. */
async function withServer<Prepared>(
  prepare: (context: Context) => Promise<Prepared>,
  work: (url: string, prepared: Prepared) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'performance-'));
  const database = await databaseOfWorker(process.env['DATABASE_URL']);
  const environment = {
    NODE_ENV: 'production',
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    // Production wants a way for mails; nobody listens there.
    SMTP_URL: 'smtp://127.0.0.1:9',
    ...settings,
    DATA_FOLDER: folder,
    ...(database === undefined ? {} : { DATABASE_URL: database }),
  };
  const prepared = await fill(environment, prepare);
  const child = spawn(process.execPath, [SERVER], {
    env: { ...environment, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.on('exit', () => reject(new Error('The server does not start; was it built?')));
      child.stdout.on('data', (chunk) => {
        const [, found] = /"url":"([^"]+)","msg":"Listening"/.exec(String(chunk)) ?? [];
        if (found !== undefined) {
          resolve(found);
        }
      });
    });
    await work(url, prepared);
  } finally {
    child.kill();
    await exited;
    await rm(folder, { recursive: true });
  }
}

/** Migrates, and adds rows of every entity. */
async function fill<Prepared>(
  environment: Readonly<Record<string, string>>,
  prepare: (context: Context) => Promise<Prepared>,
): Promise<Prepared> {
  const config = loadConfig(environment);
  const logger = createLogger({ ...config, LOG_LEVEL: 'silent' });
  const open = await openDatabase(config, logger);
  await migrateUp(open.pool, await readMigrations());
  const runtime = { config, logger, database: open.database, clock: () => new Date() };
  const context = createContext(runtime, logger, { sight: 'system' });
  for (const subject of subjects) {
    for (let n = 0; n < Math.min(ROWS, subject.most ?? ROWS); n += 1) {
      await unlessRefused(() => makerOf(subject)(context));
    }
  }
  const prepared = await prepare(context);
  await open.close();
  return prepared;
}

/** Values that are made up for patterns may come twice where they must not. */
async function unlessRefused<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}

/** Requests that succeed; those that only read are sent again and again. */
async function requestsOf(
  context: Context,
  operation: string,
  budget: Budget,
  count: number,
): Promise<Request[]> {
  const reads = routes.find((route) => route.operation === operation)?.method === 'get';
  const wanted = reads ? Math.min(ROWS, count) : count;
  const different: Request[] = [];
  for (let n = ROWS; different.length < wanted && n < ROWS + 3 * wanted; n += 1) {
    const input = await unlessRefused(() => inputOf(context, operation, budget, n));
    if (input !== undefined) {
      const headers = await usualHeaders(context);
      different.push({ ...requestOf(operation, input), headers });
    }
  }
  expect(different.length, 'requests that could be made up').toBe(wanted);
  const each = (_: unknown, index: number) => different[index % wanted] as Request;
  return Array.from({ length: count }, each);
}

async function inputOf(
  context: Context,
  operation: string,
  { rows = {} }: Budget,
  n: number,
): Promise<Json> {
  const [service = '', name = ''] = operation.split('.');
  const subject = subjects.find((each) => each.name === service);
  if (subject === undefined) {
    const ids = Object.entries(rows).map(async ([member, entity]) => {
      const { id } = await makerOf(subjectNamed(entity) as Subject<{ id: string }>)(context);
      return [member, id];
    });
    return { ...sampleInput(operation), ...Object.fromEntries(await Promise.all(ids)) };
  }
  const { row, input, versionOf } = resourceOf({ context: () => context } as Harness, subject);
  if (name === 'list') {
    return {};
  }
  if (name === 'create') {
    return input('full', n);
  }
  const way = subject.states?.ways[name];
  const state = way?.from[0] ?? '';
  const variant = way?.guard?.open === 'bare' ? 'bare' : 'full';
  const more = way === undefined ? {} : { ...subject.states?.all[state], [member(subject)]: state };
  const key = await row(variant, n, more);
  if (name === 'restore') {
    await remove(context, subject.model as Subject<Json>['model'], key);
  }
  const changes = name === 'update' || way !== undefined;
  return { ...key, ...(changes ? versionOf({ version: 1 }) : {}) };
}

function member(subject: Subject): string {
  return subject.states?.member ?? '';
}

/** A body that is right in form, from the OpenAPI document. */
function sampleInput(operation: string): Json {
  const document = describeApi(product, routes);
  const route = routes.find((each) => each.operation === operation);
  const described = document.paths[route?.path ?? '']?.[route?.method ?? ''];
  const body = described?.['requestBody'] as
    | { content: Record<string, { schema: Json }> }
    | undefined;
  const schema = body?.content['application/json']?.schema;
  return schema === undefined ? {} : (sampleOf(document, schema) as Json);
}
