import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { sql } from 'kysely';
import { beforeEach, expect } from 'vitest';
import { createApp } from '../src/app.js';
import { type Config, loadConfig } from '../src/config.js';
import { type Context, createContext, type Runtime } from '../src/context.js';
import { type Client, type OpenDatabase, openDatabase, type Pool } from '../src/database.js';
import { createLogger } from '../src/logger.js';
import { migrateUp, readMigrations } from '../src/migrator.js';
import { describe as describeApi } from '../src/openapi.js';
import { product } from '../src/product.js';
import { routes } from '../src/routes.js';
import { settings } from './settings.js';

const START = '2026-01-01T00:00:00.000Z';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly body: any;
}

/** The service of this worker: started once, emptied before each test. */
export interface Harness {
  readonly config: Config;
  readonly open: OpenDatabase;
  readonly url: string;
  /** A context at the time of the clock, for calling services. */
  context(): Context;
  setClock(instant: string): void;
  advance(milliseconds: number): void;
  /**
   * Sends a request by operation id and checks the answer against the OpenAPI document. Another body
   * may stand in for an operation's own.
   */
  send(operation: string, input?: Input, replacements?: Replacements): Promise<Answer>;
  /** Sends any request, and checks nothing. */
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  /** How many statements reach the database meanwhile. */
  statements(work: () => Promise<unknown>): Promise<number>;
  /** Does all at the same time: none goes on before each has had its first statement, or waits. */
  atOnce<Result>(works: readonly (() => Promise<Result>)[]): Promise<Result[]>;
  /** The embedded database has one connection, so nothing happens at the same time. */
  readonly isEmbedded: boolean;
  /** Removes all rows. */
  empty(): Promise<void>;
}

type Input = Readonly<Record<string, unknown>>;
type Run = (context: Context, input: never) => Promise<unknown>;
type Replacements = ReadonlyMap<Run, Run>;

const document = describeApi(product, routes);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'openapi');
const bodies = new Map<string, Run>(routes.map(({ operation, run }) => [operation, run]));
const validators = new Map<string, ValidateFunction>();

let started: Promise<Harness> | undefined;

/** Registers the service with the test file that calls it. */
export function harness(): Harness {
  let running: Harness | undefined;
  beforeEach(async () => {
    started ??= start();
    running = await started;
    running.setClock(START);
    await running.empty();
  });
  const current = () => {
    if (running === undefined) {
      throw new Error('The harness is ready only inside a test');
    }
    return running;
  };
  return {
    get config() {
      return current().config;
    },
    get open() {
      return current().open;
    },
    get url() {
      return current().url;
    },
    context: () => current().context(),
    setClock: (instant) => current().setClock(instant),
    advance: (milliseconds) => current().advance(milliseconds),
    send: (...request) => current().send(...request),
    request: (...request) => current().request(...request),
    statements: (work) => current().statements(work),
    atOnce: (works) => current().atOnce(works),
    get isEmbedded() {
      return current().isEmbedded;
    },
    empty: () => current().empty(),
  };
}

async function start(): Promise<Harness> {
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '0',
    ...settings,
    DATA_FOLDER: ':memory:',
    DATABASE_URL: await databaseOfWorker(process.env['DATABASE_URL']),
  });
  const logger = createLogger(config);
  const open = await openDatabase(config, logger);
  const watch = watchStatements(open.pool);
  await migrateUp(open.pool, await readMigrations());
  let now = new Date(START);
  const runtime: Runtime = { config, logger, database: open.database, clock: () => new Date(now) };
  const server = createServer(createApp(runtime));
  const url = await listen(server);
  server.unref();
  const tables = await tablesOf(open);

  async function request(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method: method.toUpperCase(),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
    };
  }

  return {
    config,
    open,
    url,
    request,
    context: () => createContext(runtime),
    setClock: (instant) => {
      now = new Date(instant);
    },
    advance: (milliseconds) => {
      now = new Date(now.getTime() + milliseconds);
    },
    async send(operation, input = {}, replacements = new Map()) {
      const { method, path, query, body } = requestOf(operation, input);
      const route = routeOf(operation) as { run: Run };
      const own = bodies.get(operation) as Run;
      route.run = replacements.get(own) ?? own;
      const answer = await request(method, `${path}${query}`, body);
      route.run = own;
      checkAnswer(operation, answer);
      return answer;
    },
    isEmbedded: config.DATABASE_URL === undefined,
    async statements(work) {
      const before = watch.count;
      await work();
      return watch.count - before;
    },
    async atOnce(works) {
      watch.barrier = barrierOf(works.length);
      try {
        return await Promise.all(works.map((work) => work()));
      } finally {
        delete watch.barrier;
      }
    },
    async empty() {
      if (!watch.hasWritten) {
        return;
      }
      watch.hasWritten = false;
      await sql
        .raw(`truncate ${tables.join(', ')} restart identity cascade`)
        .execute(open.database);
    },
  };
}

interface Watch {
  count: number;
  /** Whether there may be rows. */
  hasWritten: boolean;
  barrier?: (client: Client) => Promise<void>;
}

/** Sees every statement that is sent over the pool. */
function watchStatements(pool: Pool): Watch {
  const watch: Watch = { count: 0, hasWritten: true };
  const watched = new WeakSet<Client>();
  const connect = pool.connect.bind(pool);
  pool.connect = async () => {
    const client = await connect();
    if (!watched.has(client)) {
      watched.add(client);
      const query = client.query.bind(client);
      client.query = async (text, values) => {
        const answer = await query(text, values);
        watch.count += 1;
        watch.hasWritten ||= /^\s*(?:insert|update|delete|with)\b/i.test(text);
        if (!/^\s*(?:begin|commit|rollback|start|set)\b/i.test(text)) {
          await watch.barrier?.(client);
        }
        return answer;
      };
    }
    return client;
  };
  return watch;
}

/** Holds each client after its first statement until all have come, or the others wait for its locks. */
function barrierOf(size: number): (client: Client) => Promise<void> {
  const arrived = new Set<Client>();
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async (client) => {
    if (arrived.has(client)) {
      return;
    }
    arrived.add(client);
    if (arrived.size === size) {
      open();
    }
    const patience = setTimeout(open, 300);
    await opened;
    clearTimeout(patience);
  };
}

function routeOf(operation: string) {
  const route = routes.find((candidate) => candidate.operation === operation);
  if (route === undefined) {
    throw new Error(`No route belongs to ${operation}`);
  }
  return route;
}

/** Puts each member of the input where the route takes it. */
export function requestOf(operation: string, input: Readonly<Record<string, unknown>>) {
  const { method, path, request } = routeOf(operation);
  const inPath = new Set(Object.keys(request.params?.shape ?? {}));
  const rest = Object.entries(input).filter(([name]) => !inPath.has(name));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[name])),
  );
  if (request.body !== undefined) {
    return { method, path: filled, query: '', body: Object.fromEntries(rest) };
  }
  const query = new URLSearchParams(
    Object.fromEntries(rest.map(([name, value]) => [name, textOf(value)])),
  );
  return { method, path: filled, query: rest.length === 0 ? '' : `?${query}`, body: undefined };
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function checkAnswer(operation: string, answer: Answer): void {
  const { method, path } = routeOf(operation);
  const responses = document.paths[path]?.[method]?.['responses'] as Record<string, object>;
  expect(
    Object.keys(responses),
    `${operation}: status ${answer.status} is not described`,
  ).toContain(String(answer.status));
  const type = answer.status < 400 ? 'application/json' : 'application/problem+json';
  const content = (responses[answer.status] as { content?: Record<string, unknown> }).content;
  if (content === undefined) {
    expect(answer.body).toBeUndefined();
    return;
  }
  expect(answer.headers.get('Content-Type')).toContain(type);
  const pointer = ['paths', path, method, 'responses', answer.status, 'content', type, 'schema']
    .map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
  validators.set(pointer, validate);
  expect(validate(answer.body), `${operation}: ${ajv.errorsText(validate.errors)}`).toBe(true);
}

async function tablesOf(open: OpenDatabase): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(table_name) as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'
    and table_name <> 'migrations' order by 1`.execute(open.database);
  return rows.map((row) => row.name);
}

/** On a server each worker has a database of its own, made anew. */
export async function databaseOfWorker(url: string | undefined): Promise<string | undefined> {
  if (url === undefined) {
    return undefined;
  }
  const name = `test_${process.env['VITEST_POOL_ID'] ?? '1'}`;
  const config = loadConfig({ ...settings, LOG_LEVEL: 'silent', DATABASE_URL: url });
  const { database, close } = await openDatabase(config, createLogger(config));
  await sql.raw(`drop database if exists ${name} with (force)`).execute(database);
  await sql.raw(`create database ${name}`).execute(database);
  await close();
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
