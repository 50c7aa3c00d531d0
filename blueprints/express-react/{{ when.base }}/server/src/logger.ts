import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.js';
import { personalMembers } from './product.js';

export type { Logger } from 'pino';

/** Members that are never written to the log, at any of the depths where a request has them. */
const PRIVATE = ['authorization', 'cookie', 'password', 'token', 'secret', ...personalMembers];

/** What the log says of an error: never values that hang on it, like the connection it came from. */
export function errorFacts(error: unknown): object {
  if (!(error instanceof Error)) {
    return { value: String(error) };
  }
  const { name, message, stack } = error;
  const { code } = error as { code?: unknown };
  return { type: name, message, ...(code === undefined ? {} : { code }), stack };
}

export function createLogger(config: Config, destination?: DestinationStream): Logger {
  const options = {
    level: config.LOG_LEVEL,
    redact: {
      paths: PRIVATE.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[private]',
    },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
