import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import type { Config } from '../../src/config.js';
import { createContext, type Runtime } from '../../src/context.js';
import { Failure } from '../../src/failure.js';
import { createLogger } from '../../src/logger.js';
import { routes } from '../../src/routes.js';
import { harness } from '../harness.js';
import { anybody, listPath } from '../usual.js';

const service = harness();

/** A second server over the same database. */
async function serve<Result>(
  options: { config?: Partial<Config>; isDraining?: boolean; log?: string[]; broken?: boolean },
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const config = { ...service.config, LOG_LEVEL: 'info', ...options.config } as Config;
  const logger = createLogger(config, { write: (line) => void options.log?.push(line) });
  const database = options.broken === true ? undefined : service.open.database;
  const runtime = { config, logger, database, clock: () => new Date() } as unknown as Runtime;
  const server = createServer(createApp(runtime, () => options.isDraining ?? false));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the app', () => {
  it('is not ready while it shuts down, nor without its database', async () => {
    const ready = (url: string) => fetch(`${url}/health/ready`);
    expect((await serve({ isDraining: true }, ready)).status).toBe(503);
    expect((await serve({ broken: true }, ready)).status).toBe(503);
  });

  it('limits how many requests one address sends in a minute', async () => {
    const statuses = await serve({ config: { RATE_LIMIT_PER_MINUTE: 2 } }, async (url) => {
      const answers = [];
      for (let sent = 0; sent < 3; sent += 1) {
        answers.push(await fetch(`${url}/openapi.json`));
      }
      return answers.map((answer) => answer.status);
    });
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('refuses bodies that are too large, or no JSON', async () => {
    const path = routes.find((route) => route.method === 'post')?.path.replace(/\{\w+\}/g, 'x');
    const send = (body: string) => async (url: string) => {
      const headers = { 'Content-Type': 'application/json' };
      return (await fetch(`${url}${path ?? '/'}`, { method: 'POST', body, headers })).status;
    };
    expect(await serve({}, send('{'))).toBe(400);
    expect(await serve({}, send(`"${'x'.repeat(2 ** 20)}"`))).toBe(413);
  });

  it('tells nobody what went wrong inside, and logs it with the id of the request', async () => {
    const log: string[] = [];
    const answer = await serve({ broken: true, log }, async (url) => {
      const response = await fetch(`${url}${listPath ?? '/health/ready'}`, { headers: anybody });
      return { status: response.status, text: await response.text() };
    });
    expect(answer.status).toBe(listPath === undefined ? 503 : 500);
    expect(answer.text).not.toMatch(/undefined|stack|TypeError/);
    expect(log.map((line) => JSON.parse(line).requestId).every((id) => id !== undefined)).toBe(
      true,
    );
    expect(log.join('')).toContain('"msg":"request"');
  });

  it('logs no secrets', () => {
    const log: string[] = [];
    const config = { ...service.config, LOG_LEVEL: 'info' } as Config;
    createLogger(config, { write: (line) => void log.push(line) }).info(
      { password: 'opensesame', headers: { authorization: 'opensesame' } },
      'signed in',
    );
    expect(log.join('')).not.toContain('opensesame');
  });
});

describe('a context', () => {
  it('undoes all that a failed transaction wrote, also of transactions inside it', async () => {
    const context = service.context();
    await sql`create table if not exists scratch (id int)`.execute(context.database);
    const count = async () => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from scratch`.execute(
        context.database,
      );
      return rows[0]?.n;
    };
    const add = (inner: typeof context) =>
      sql`insert into scratch values (1)`.execute(inner.database);
    await expect(
      context.transaction(async (outer) => {
        await outer.transaction(add);
        throw new Failure('CONFLICT');
      }),
    ).rejects.toThrow(Failure);
    expect(await count()).toBe(0);
    await context.transaction(add);
    expect(await count()).toBe(1);
    await sql`drop table scratch`.execute(context.database);
  });

  it('makes ids and tokens that are not guessed', () => {
    const runtime = { ...service.open, config: service.config, clock: () => new Date(0) };
    const context = createContext(runtime as unknown as Runtime, createLogger(service.config));
    expect(context.now.getTime()).toBe(0);
    expect(context.newId()).toMatch(/^[\da-f-]{36}$/);
    expect(context.newToken()).not.toBe(context.newToken());
    expect(context.newToken().length).toBeGreaterThan(40);
  });
});
