import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from './config.js';
import type { Database } from './database.js';
import { Failure } from './failure.js';
import type { Logger } from './logger.js';

type Transactional = <Result>(work: (context: Context) => Promise<Result>) => Promise<Result>;

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
  readonly transaction: Transactional;
  /** The same, as if nothing else ran at that time; repeated when that turns out not to be so. */
  readonly serializable: Transactional;
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
    transaction: (work) => transact(context, 'read committed', work),
    serializable: (work) => repeat(() => transact(context, 'serializable', work)),
  };
  return context;
}

/** Runs the work in a new transaction. A failure undoes it, unless it asks to keep what was written. */
async function transact<Result>(
  context: Context,
  level: 'read committed' | 'serializable',
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  const end = await context.database
    .transaction()
    .setIsolationLevel(level)
    .execute(async (transaction): Promise<{ result: Result } | { failure: Failure }> => {
      const inner: Context = {
        ...context,
        database: transaction,
        transaction: (innerWork) => innerWork(inner),
        serializable: (innerWork) => innerWork(inner),
      };
      try {
        return { result: await work(inner) };
      } catch (error) {
        if (error instanceof Failure && error.keep) {
          return { failure: error };
        }
        throw error;
      }
    });
  if ('failure' in end) {
    throw end.failure;
  }
  return end.result;
}

const SERIALIZATION_FAILURES = ['40001', '40P01'];

async function repeat<Result>(attempt: () => Promise<Result>, times = 3): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (times === 1 || !SERIALIZATION_FAILURES.includes(code)) {
      throw error;
    }
    return repeat(attempt, times - 1);
  }
}
