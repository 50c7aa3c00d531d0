import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import type { Runtime } from '../../src/context.js';
import { createLogger } from '../../src/logger.js';
import { sum } from '../../src/read.js';
import { isPassing } from '../../src/violations.js';
import { insert } from '../../src/write.js';
import { anybody, listPath } from '../usual.js';
import { serviceWithTables, thing, things } from './tables.js';

const service = serviceWithTables();

/** What a client hears while every attempt to reach the database fails like this. */
async function answerWhile(failing: object) {
  const connect = () => Promise.reject(Object.assign(new Error(), failing));
  const pool = { connect, end: async () => undefined };
  const database = new Kysely({ dialect: new PostgresDialect({ pool }) });
  const log: string[] = [];
  const config = { ...service.config, LOG_LEVEL: 'warn' as const };
  const logger = createLogger(config, { write: (line) => void log.push(line) });
  const runtime: Runtime = { config, logger, database, clock: () => new Date() };
  const server = createServer(createApp(runtime));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${listPath ?? '/health/ready'}`, {
    headers: anybody,
  });
  const text = await answer.text();
  server.close();
  return { status: answer.status, retryAfter: answer.headers.get('Retry-After'), text, log };
}

describe('a database that is out of reach', () => {
  it('is told as something that passes, without a word of it', async () => {
    const message = 'connect ECONNREFUSED 10.0.0.7:5432';
    const { status, retryAfter, text, log } = await answerWhile({ code: 'ECONNREFUSED', message });
    expect([status, retryAfter]).toEqual([503, '1']);
    expect(JSON.parse(text)).toMatchObject({ code: 'UNAVAILABLE', status: 503 });
    expect(text).not.toContain('10.0.0.7');
    expect(log).toHaveLength(1);
  });

  it.each([
    { code: '40001' },
    { code: '40P01' },
    { code: '57014' },
    { code: '57P01' },
    { code: '53300' },
    { code: '08006' },
    { message: 'Connection terminated unexpectedly' },
    { message: 'timeout exceeded when trying to connect' },
  ])('passes: %o', (error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([{ code: '42P01' }, { code: '22003' }, new TypeError('no'), undefined])(
    'does not: %o',
    (error) => {
      expect(isPassing(error)).toBe(false);
    },
  );
});

describe('a value that cannot be computed', () => {
  it('is a failure when rows are read, as it is when they are written', async () => {
    const context = service.context();
    await insert(context, things, thing);
    for (const value of [sql`1 / 0`, sql`2147483647 + 1`, sql`'x'::text::integer`]) {
      const read = sum(context, things, value, sql`true`);
      await expect(read).rejects.toMatchObject({ name: 'Failure', code: 'VALIDATION_FAILED' });
    }
  });
});
