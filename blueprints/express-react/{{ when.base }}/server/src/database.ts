import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { Config } from './config.js';
import { openEmbedded } from './embedded.js';
import { errorFacts, type Logger } from './logger.js';
import { valueParsers } from './value-parsers.js';

/** Tables are reached through their models; queries are written with `sql`. */
export type Database = Kysely<unknown>;

export interface Answer {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: Record<string, unknown>[];
}

export interface Client {
  /** Without values the text may hold several statements. */
  query(text: string, values?: readonly unknown[]): Promise<Answer>;
  release(): void;
}

export interface Pool {
  connect(): Promise<Client>;
  end(): Promise<void>;
}

export interface OpenDatabase {
  readonly pool: Pool;
  readonly database: Database;
  close(): Promise<void>;
}

/** A PostgreSQL server by DATABASE_URL, else the embedded one: what uses it cannot tell. */
export async function openDatabase(config: Config, logger: Logger): Promise<OpenDatabase> {
  const pool =
    config.DATABASE_URL === undefined
      ? await openEmbedded(config.DATA_FOLDER === ':memory:' ? undefined : config.DATA_FOLDER)
      : openServer(config, logger);
  // The dialect's own interface also lists cursors, which nothing here uses.
  const dialect = new PostgresDialect({ pool: pool as PostgresPool });
  const database = new Kysely<unknown>({ dialect });
  return { pool, database, close: () => pool.end() };
}

function openServer(config: Config, logger: Logger): Pool {
  const pool = new pg.Pool({
    connectionString: config.DATABASE_URL,
    max: config.DATABASE_POOL_SIZE,
    connectionTimeoutMillis: config.DATABASE_TIMEOUT,
    statement_timeout: config.DATABASE_TIMEOUT,
    types: {
      getTypeParser: (type: number, format?: 'text' | 'binary') =>
        valueParsers[type] ?? pg.types.getTypeParser(type, format),
    },
  });
  const lost = (error: Error) => {
    logger.error({ error: errorFacts(error) }, 'An idle database connection was lost');
  };
  pool.on('error', lost);
  // One that is lost in use fails its statement; if nobody listened, it would end the process too.
  pool.on('connect', (client) => client.on('error', Boolean));
  return pool as unknown as Pool;
}
