import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { openDatabase } from '../../src/database.js';
import { createLogger } from '../../src/logger.js';
import { valueParsers } from '../../src/value-parsers.js';
import { settings } from '../settings.js';

const INTEGER = 23;
const NUMERIC = 1700;

describe('a database server', () => {
  it('is reached by its URL only when it is needed, and may be lost', async () => {
    const log: string[] = [];
    const url = 'postgres://nobody@127.0.0.1:1/nowhere';
    const config = loadConfig({ ...settings, DATABASE_URL: url, DATABASE_POOL_SIZE: '3' });
    const logger = createLogger(config, { write: (line) => void log.push(line) });
    const { pool, close } = await openDatabase(config, logger);
    await expect(pool.connect()).rejects.toThrow('ECONNREFUSED');
    const server = pool as unknown as pg.Pool;
    expect(server.options.max).toBe(3);
    server.emit('error', new Error('cut off'), undefined as never);
    expect(log.join('')).toContain('An idle database connection was lost');
    const parserOf = (type: number) => server.options.types?.getTypeParser(type) as typeof String;
    expect([parserOf(NUMERIC)('1.50'), parserOf(INTEGER)('7')]).toEqual(['1.50', 7]);
    await close();
  });
});

describe('values of the database', () => {
  const read = (type: number, text: string) => valueParsers[type]?.(text);

  it.each([
    ['2026-01-01 12:00:00+00', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01 12:00:00.5+05:30', '2026-01-01T06:30:00.500Z'],
    ['2026-01-01 12:00:00', '2026-01-01T12:00:00.000Z'],
  ])('are instants: %s', (text, instant) => {
    expect(read(1184, text)).toEqual(new Date(instant));
  });

  it.each([
    ['00:00:00', 0],
    ['1 day', 86_400_000],
    ['2 days 01:00:00.25', 176_400_250],
    ['-00:00:01', -1000],
  ])('are durations in milliseconds: %s', (text, milliseconds) => {
    expect(read(1186, text)).toBe(milliseconds);
  });
});
