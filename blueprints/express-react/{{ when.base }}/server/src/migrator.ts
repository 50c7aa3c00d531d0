import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Client, Pool } from './database.js';

const FOLDER = fileURLToPath(new URL('../migrations/', import.meta.url));
/** Any number, as long as every process that migrates uses the same. */
const LOCK = 7_206_091;

export interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly up: string;
  readonly down: string;
}

export async function readMigrations(folder: string = FOLDER): Promise<Migration[]> {
  const all = existsSync(folder) ? await readdir(folder) : [];
  const files = all.filter((file) => file.endsWith('.up.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const up = await readFile(`${folder}/${file}`, 'utf8');
      const down = await readFile(`${folder}/${file.replace('.up.sql', '.down.sql')}`, 'utf8');
      const checksum = createHash('sha256').update(up.replaceAll('\r\n', '\n')).digest('hex');
      return { name: file.replace('.up.sql', ''), checksum, up, down };
    }),
  );
}

/** Applies what is pending, each migration in its own transaction; gives the names. */
export function migrateUp(pool: Pool, migrations: readonly Migration[]): Promise<string[]> {
  return alone(
    pool,
    async (client, applied) => {
      const pending = migrations.slice(applied.length);
      for (const migration of pending) {
        await apply(
          client,
          migration.up,
          `insert into migrations (name, checksum) values ('${migration.name}', '${migration.checksum}')`,
        );
      }
      return pending.map((migration) => migration.name);
    },
    migrations,
  );
}

/** Takes back the newest migrations that are applied; gives the names. */
export function migrateDown(
  pool: Pool,
  migrations: readonly Migration[],
  steps = 1,
): Promise<string[]> {
  return alone(
    pool,
    async (client, applied) => {
      const undone = migrations.slice(0, applied.length).reverse().slice(0, steps);
      for (const migration of undone) {
        await apply(
          client,
          migration.down,
          `delete from migrations where name = '${migration.name}'`,
        );
      }
      return undone.map((migration) => migration.name);
    },
    migrations,
  );
}

async function alone(
  pool: Pool,
  work: (client: Client, applied: readonly string[]) => Promise<string[]>,
  migrations: readonly Migration[],
): Promise<string[]> {
  const client = await pool.connect();
  try {
    // A migration may take long, and so may waiting for another process that migrates.
    await client.query('set statement_timeout = 0', []);
    await client.query(`select pg_advisory_lock(${LOCK})`, []);
    await client.query(`create table if not exists migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
    const { rows } = await client.query(
      'select name, checksum from migrations order by name collate "C"',
      [],
    );
    const applied = rows.map((row, index) => checked(row, migrations[index]));
    return await work(client, applied);
  } finally {
    await unlock(client);
    client.release();
  }
}

/** A connection that is lost has lost its lock as well. */
async function unlock(client: Client): Promise<void> {
  try {
    await client.query(`select pg_advisory_unlock(${LOCK})`, []);
    await client.query('reset statement_timeout', []);
  } catch {
    return;
  }
}

/** What was applied must still be what the files say, or nobody knows what the tables are. */
function checked(row: Record<string, unknown>, migration: Migration | undefined): string {
  const name = String(row['name']);
  if (migration?.name !== name) {
    throw new Error(`Migration ${name} was applied, but its file is gone or out of order`);
  }
  if (migration.checksum !== row['checksum']) {
    throw new Error(`Migration ${name} was changed after it was applied`);
  }
  return name;
}

async function apply(client: Client, script: string, record: string): Promise<void> {
  try {
    await client.query(`begin;\n${script};\n${record};\ncommit;`);
  } catch (error) {
    await client.query('rollback', []).catch(() => undefined);
    throw error;
  }
}
