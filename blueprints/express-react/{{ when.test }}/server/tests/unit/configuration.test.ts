import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config.js';
import {
  ConfigurationError,
  decimalNumber,
  duration,
  flag,
  listOf,
  readEnvironment,
  secret,
  whole,
} from '../../src/environment.js';
import { settings } from '../settings.js';

describe('the configuration', () => {
  it('has a default for all that is not secret', () => {
    expect(loadConfig({ ...settings })).toMatchObject({ NODE_ENV: 'development', PORT: 3000 });
  });

  it('treats an empty variable as one that is not set', () => {
    expect(loadConfig({ ...settings, PORT: '' }).PORT).toBe(3000);
  });

  it('names every variable that is wrong, at once', () => {
    const load = () =>
      loadConfig({ ...settings, PORT: 'x', DATABASE_URL: 'mysql://x', NODE_ENV: 'y' });
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(/NODE_ENV[\s\S]*PORT must be a whole number[\s\S]*DATABASE_URL/);
  });
});

describe('readers of variables', () => {
  const variables = z.object({
    COUNT: whole({ min: 1, max: 9 }).default(1),
    RATIO: decimalNumber({ precision: 4, scale: 2, min: '0', max: '10.5' }).default('1'),
    LOUD: flag().default(false),
    WAIT: duration({ min: 1000, max: 86_400_000 }).default(0),
    NAMES: listOf(z.string()).default([]),
    KEY: secret(),
  });
  const read = (environment: Record<string, string>) =>
    readEnvironment(variables, { KEY: 'k'.repeat(16), ...environment });

  it('give typed values', () => {
    expect(read({ COUNT: '7', RATIO: '0.5', LOUD: 'true', WAIT: '1h30m', NAMES: 'a, b' })).toEqual({
      COUNT: 7,
      RATIO: '0.5',
      LOUD: true,
      WAIT: 5_400_000,
      NAMES: ['a', 'b'],
      KEY: 'k'.repeat(16),
    });
  });

  it.each([
    ['COUNT', '0'],
    ['COUNT', '10'],
    ['COUNT', '1.5'],
    ['RATIO', 'half'],
    ['RATIO', '-0.1'],
    ['RATIO', '10.51'],
    ['RATIO', '1.234'],
    ['LOUD', 'yes'],
    ['WAIT', '15'],
    ['WAIT', '999ms'],
    ['WAIT', '2d'],
    ['KEY', 'short'],
    ['KEY', 'please-change-me-soon'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`${name} `));
  });

  it('say that a secret is missing', () => {
    expect(() => readEnvironment(variables, {})).toThrow('KEY is missing');
  });
});
