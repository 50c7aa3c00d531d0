import { existsSync } from 'node:fs';
import { type Config, loadConfig } from './config.js';
import type { Runtime } from './context.js';
import { type OpenDatabase, openDatabase } from './database.js';
import { ConfigurationError } from './environment.js';
import { createLogger } from './logger.js';

/** The configuration of this process, from `.env` and the environment; exits if it is not complete. */
export function configure(): Config {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(78);
    }
    throw error;
  }
}

export interface Started {
  readonly runtime: Runtime;
  readonly open: OpenDatabase;
}

/** Everything that outlives a request. */
export async function startRuntime(config: Config): Promise<Started> {
  const logger = createLogger(config);
  const open = await openDatabase(config, logger);
  const runtime = { config, logger, database: open.database, clock: () => new Date() };
  return { runtime, open };
}
