import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { type Config, loadConfig } from './config.js';
import type { Runtime } from './context.js';
import { type OpenDatabase, openDatabase } from './database.js';
import { ConfigurationError } from './environment.js';
import { createLogger, type Logger } from './logger.js';
import type { Rebuilt } from './migrator.js';

/** The configuration of this process, from `.env` and the environment; exits if it is not complete. */
export function configure(): Config {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      stop(78, error.message);
    }
    throw error;
  }
}

export interface Started {
  readonly runtime: Runtime;
  readonly open: OpenDatabase;
}

/** Everything that outlives a request; exits if the database cannot be used. */
export async function startRuntime(config: Config): Promise<Started> {
  const logger = createLogger(config);
  const open = await openUsable(config, logger);
  const runtime = { config, logger, database: open.database, clock: () => new Date() };
  return { runtime, open };
}

async function openUsable(config: Config, logger: Logger): Promise<OpenDatabase> {
  try {
    const open = await openDatabase(config, logger);
    await sql`select 1`.execute(open.database);
    return open;
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    const named = config.DATABASE_URL === undefined ? 'DATA_FOLDER' : 'DATABASE_URL';
    stop(69, `The database of ${named} cannot be used: ${message || code}`);
    throw error;
  }
}

/** In development what was applied and has changed since is taken back first, and this says so. */
export function tellOfRebuilding({ config, logger }: Runtime): Rebuilt | undefined {
  if (config.NODE_ENV !== 'development') {
    return undefined;
  }
  return (migrations) => {
    logger.warn({ migrations }, 'Open migrations have changed: what they made is rebuilt');
  };
}

/** Ends the process with a reason that a person can act on. */
export function stop(status: number, reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exit(status);
}
