import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.js';
import { personalMembers } from './product.js';

export type { Logger } from 'pino';

/** Members that are never written to the log, at any of the depths where a request has them. */
const PRIVATE = ['authorization', 'cookie', 'password', 'token', 'secret', ...personalMembers];

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
