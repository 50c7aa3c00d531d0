import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client, Pool } from './database.js';

const FOLDER = fileURLToPath(new URL('../migrations/', import.meta.url));
/** Any number, as long as every process that migrates uses the same. */
const LOCK = 7_206_091;
/** Who waits for a lock on a table makes all others wait: better to fail, and to try again. */
const LOCK_TIMEOUT = '10s';
/** How a script says that its next statements run one by one, outside of a transaction. */
const ALONE = 'each statement on its own';

export interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly up: string;
  readonly down: string;
  /** The checksums of both scripts, as they were when it was sealed. */
  readonly sealed?: string | undefined;
}

/** Told of the migrations that were taken back because they have changed. */
export type Rebuilt = (names: string[]) => void;

interface Applied {
  readonly name: string;
  readonly checksum: string;
  /** What takes it back, as that was when it was applied. */
  readonly down: string | null;
  /** The steps that are done, while it is not done. */
  readonly steps: number | null;
}

export async function readMigrations(folder: string = FOLDER): Promise<Migration[]> {
  const all = existsSync(folder) ? await readdir(folder) : [];
  // A sealed migration whose script is gone is still one.
  const names = all.flatMap((file) => /^(.+)\.(?:up\.sql|sealed)$/.exec(file)?.[1] ?? []);
  return Promise.all(
    [...new Set(names)].sort().map(async (name) => {
      const read = (ending: string) => readScript(folder, `${name}${ending}`);
      const sealed = all.includes(`${name}.sealed`) ? await read('.sealed') : undefined;
      const [up, down] = [await read('.up.sql'), await read('.down.sql')];
      return { name, checksum: checksum(up), up, down, sealed };
    }),
  );
}

function readScript(folder: string, file: string): Promise<string> {
  return readFile(`${folder}/${file}`, 'utf8').catch(() => {
    throw new Error(`${file} cannot be read: take it back from git`);
  });
}

function checksum(script: string): string {
  return createHash('sha256').update(script.replaceAll('\r\n', '\n')).digest('hex');
}

/** Why these migrations must not run where data matters: one is open, or not what was sealed. */
export function faultsOf(migrations: readonly Migration[]): string[] {
  return migrations.flatMap(({ name, up, down, sealed }) => {
    if (sealed === undefined) {
      return [`${name} is open: run "specwright migrations seal" and commit what it writes`];
    }
    const sums = `${checksum(up)}  ${name}.up.sql\n${checksum(down)}  ${name}.down.sql\n`;
    const same = sums === sealed.replaceAll('\r\n', '\n');
    return same ? [] : [`${name} is not what was sealed: take its files back from git`];
  });
}

/**
 * Applies what is pending, each migration in its own transaction; gives the names. What was applied and has
 * changed since is refused, or taken back first where `rebuilt` is there to be told.
 */
export function migrateUp(
  pool: Pool,
  migrations: readonly Migration[],
  rebuilt?: Rebuilt,
): Promise<string[]> {
  return alone(pool, async (client) => {
    let applied = await readApplied(client);
    const same = countSame(applied, migrations);
    const other = applied.slice(same);
    if (other.length > 0) {
      if (rebuilt === undefined || other.some(({ down }) => down === null)) {
        throw mismatch(other[0] as Applied, migrations[same]);
      }
      for (const { name, down } of [...other].reverse()) {
        await takeBack(client, name, down as string);
      }
      rebuilt(other.map(({ name }) => name));
      applied = applied.slice(0, same);
    }
    const begun = applied.find(({ steps }) => steps !== null);
    const pending = migrations.slice(begun === undefined ? applied.length : applied.indexOf(begun));
    for (const migration of pending) {
      await apply(client, migration, migration.name === begun?.name ? Number(begun.steps) : 0);
    }
    return pending.map((migration) => migration.name);
  });
}

/** Takes back the newest migrations that are applied; gives the names. */
export function migrateDown(
  pool: Pool,
  migrations: readonly Migration[],
  steps = 1,
): Promise<string[]> {
  return alone(pool, async (client) => {
    const applied = await readApplied(client);
    const same = countSame(applied, migrations);
    if (same < applied.length) {
      throw mismatch(applied[same] as Applied, migrations[same]);
    }
    const undone = migrations.slice(0, applied.length).reverse().slice(0, steps);
    for (const { name, down } of undone) {
      await takeBack(client, name, down);
    }
    return undone.map((migration) => migration.name);
  });
}

async function alone<Result>(
  pool: Pool,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    // A migration may take long, and so may waiting for another process that migrates.
    await client.query('set statement_timeout = 0', []);
    // A statement that waited for the lock would be waited for by an index that is built concurrently.
    while (!(await isLocked(client))) {
      await pause(100);
    }
    await client.query(`create table if not exists migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now());
      alter table migrations add column if not exists down text, add column if not exists steps int`);
    return await work(client);
  } finally {
    await unlock(client);
    client.release();
  }
}

async function isLocked(client: Client): Promise<boolean> {
  const { rows } = await client.query(`select pg_try_advisory_lock(${LOCK}) as locked`, []);
  return rows[0]?.['locked'] === true;
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

async function readApplied(client: Client): Promise<Applied[]> {
  const { rows } = await client.query(
    'select name, checksum, down, steps from migrations order by name collate "C"',
    [],
  );
  return rows as unknown as Applied[];
}

/** How many of what was applied are still what the files say. */
function countSame(applied: readonly Applied[], migrations: readonly Migration[]): number {
  const index = applied.findIndex(
    (row, at) => migrations[at]?.name !== row.name || migrations[at]?.checksum !== row.checksum,
  );
  return index < 0 ? applied.length : index;
}

/** What was applied must still be what the files say, or nobody knows what the tables are. */
function mismatch({ name }: Applied, migration: Migration | undefined): Error {
  const changed = migration?.name === name;
  const reason = changed ? 'was changed after it was applied' : null;
  return new Error(
    `Migration ${name} ${reason ?? 'was applied, but its file is gone or out of order'}`,
  );
}

/** Runs the steps of a migration that are not done; what is done is recorded with each. */
async function apply(client: Client, migration: Migration, done: number): Promise<void> {
  const [first = '', ...more] = migration.up.split(/^-- Step: (.*)\n/m);
  const steps = [{ kind: '', script: first }];
  for (let index = 0; index < more.length; index += 2) {
    steps.push({ kind: more[index] ?? '', script: more[index + 1] ?? '' });
  }
  for (const [index, { kind, script }] of steps.entries()) {
    const record = async () => {
      const { name, checksum: sum, down } = migration;
      await client.query(
        `insert into migrations (name, checksum, down, steps) values ($1, $2, $3, $4)
         on conflict (name) do update set steps = excluded.steps, applied_at = now()`,
        [name, sum, down, index + 1 < steps.length ? index + 1 : null],
      );
    };
    if (index < done) {
      continue;
    }
    if (kind === ALONE) {
      // Building waits for everybody who was there before.
      await client.query('set lock_timeout = 0', []);
      for (const statement of script.split('\n').filter((line) => line.trim() !== '')) {
        await client.query(statement, []);
      }
      await record();
    } else {
      await inTransaction(client, script, record);
    }
  }
}

async function takeBack(client: Client, name: string, script: string): Promise<void> {
  await inTransaction(client, script, async () => {
    await client.query('delete from migrations where name = $1', [name]);
  });
}

async function inTransaction(
  client: Client,
  script: string,
  record: () => Promise<void>,
): Promise<void> {
  try {
    await client.query(`begin;\nset local lock_timeout = '${LOCK_TIMEOUT}';\n${script}`);
    await record();
    await client.query('commit', []);
  } catch (error) {
    await client.query('rollback', []).catch(() => undefined);
    throw error;
  }
}
