import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from './config.js';
import type { Database } from './database.js';
import type { Logger } from './logger.js';

/** What one operation may know and use; every operation takes it first. */
export interface Context {
  /** One moment for the whole operation. */
  readonly now: Date;
  readonly actor: null;
  readonly scope: null;
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly newId: () => string;
  readonly newToken: () => string;
  /** Runs the work in a transaction, or in the one that is open; a failure undoes all of it. */
  readonly transaction: <Result>(work: (context: Context) => Promise<Result>) => Promise<Result>;
}

/** What the process has one of; contexts are made from it. */
export interface Runtime {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly clock: () => Date;
}

export function createContext(runtime: Runtime, logger: Logger = runtime.logger): Context {
  const context: Context = {
    now: runtime.clock(),
    actor: null,
    scope: null,
    config: runtime.config,
    logger,
    database: runtime.database,
    newId: randomUUID,
    newToken: () => randomBytes(32).toString('base64url'),
    transaction: (work) =>
      runtime.database.transaction().execute((transaction) => {
        const inner: Context = {
          ...context,
          database: transaction,
          transaction: (innerWork) => innerWork(inner),
        };
        return work(inner);
      }),
  };
  return context;
}
