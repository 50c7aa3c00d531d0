import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { type OpenDatabase, openDatabase } from '../../src/database.js';
import { createLogger } from '../../src/logger.js';
import { faultsOf, migrateDown, migrateUp, readMigrations } from '../../src/migrator.js';
import { sow } from '../../src/seeds.js';
import { harness } from '../harness.js';
import { settings } from '../settings.js';

const service = harness();

describe('migrations', () => {
  it('leave the same schema when they go up, down and up again', async () => {
    const { pool } = service.open;
    const migrations = await readMigrations();
    const names = migrations.map((migration) => migration.name);
    const before = await schemaOf(service.open);
    expect(before.length).toBeGreaterThan(2);
    expect(await migrateUp(pool, migrations)).toEqual([]);
    expect(await migrateDown(pool, migrations, names.length)).toEqual([...names].reverse());
    expect(await tablesOf(service.open)).toEqual(['migrations']);
    expect(await migrateUp(pool, migrations)).toEqual(names);
    expect(await schemaOf(service.open)).toEqual(before);
  });

  it('are refused when one that was applied has changed, is gone, or is out of order', async () => {
    const { pool } = service.open;
    const migrations = await readMigrations();
    const [first, ...rest] = migrations;
    const changed = [{ ...first, checksum: 'another' }, ...rest] as typeof migrations;
    await expect(migrateUp(pool, changed)).rejects.toThrow('was changed after it was applied');
    await expect(migrateUp(pool, rest)).rejects.toThrow('its file is gone or out of order');
  });

  it('are undone as a whole when they fail', async () => {
    const { pool } = service.open;
    const migrations = await readMigrations();
    const broken = {
      name: '9999_broken',
      checksum: '',
      up: 'create table half (); nonsense;',
      down: '',
    };
    await expect(migrateUp(pool, [...migrations, broken])).rejects.toThrow(/syntax|nonsense/);
    expect(await tablesOf(service.open)).not.toContain('half');
    expect(await migrateUp(pool, migrations)).toEqual([]);
  });

  it('are taken back as they were applied and made anew, where somebody is told of it', async () => {
    const { pool } = service.open;
    const migrations = await readMigrations();
    const tried = (column: string) => ({
      name: '9999_tried',
      checksum: column,
      up: `create table tried (${column} int);`,
      down: 'drop table tried;',
    });
    const told: string[][] = [];
    const tell = (names: string[]) => told.push(names);
    await migrateUp(pool, [...migrations, tried('one')], tell);
    await migrateUp(pool, [...migrations, tried('two')], tell);
    expect(told).toEqual([['9999_tried']]);
    const columns = await rowsOf(
      service.open,
      `select column_name as name from information_schema.columns where table_name = 'tried'`,
    );
    expect(columns).toEqual([{ name: 'two' }]);
    await rowsOf(service.open, `update migrations set down = null where name = '9999_tried'`);
    const third = [...migrations, tried('three')];
    await expect(migrateUp(pool, third, tell)).rejects.toThrow('was changed after it was applied');
    await expect(migrateDown(pool, third)).rejects.toThrow('was changed after it was applied');
    await migrateDown(pool, [...migrations, tried('two')]);
    expect(await migrateUp(pool, migrations)).toEqual([]);
  });

  it('go on with the step at which they were broken off', async () => {
    const { pool } = service.open;
    const migrations = await readMigrations();
    const stepped = (last: string) => ({
      name: '9999_stepped',
      checksum: '',
      up: `create table stepped (id int);
-- Step: each statement on its own
drop index concurrently if exists idx_stepped;
create index concurrently idx_stepped on stepped (id);

-- Step: in a transaction
${last}
`,
      down: 'drop table stepped;',
    });
    await expect(migrateUp(pool, [...migrations, stepped('nonsense;')])).rejects.toThrow();
    expect(await tablesOf(service.open)).toContain('stepped');
    const whole = [...migrations, stepped('alter table stepped add constraint c check (id > 0);')];
    expect(await migrateUp(pool, whole)).toEqual(['9999_stepped']);
    expect(await migrateUp(pool, whole)).toEqual([]);
    expect(await migrateDown(pool, whole)).toEqual(['9999_stepped']);
  });

  it('are at fault while they are open, and when they are not what was sealed', () => {
    const open = { name: '0001_first', checksum: '', up: '', down: '' };
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const sealed = `${empty}  0001_first.up.sql\n${empty}  0001_first.down.sql\n`;
    expect(faultsOf([{ ...open, sealed }])).toEqual([]);
    expect(faultsOf([open])[0]).toContain('is open: run "specwright migrations seal"');
    expect(faultsOf([{ ...open, sealed, up: 'x' }])[0]).toContain('is not what was sealed');
  });

  it('are not read while a script of one is gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    await writeFile(join(folder, '0001_first.sealed'), '');
    await expect(readMigrations(folder)).rejects.toThrow('0001_first.up.sql cannot be read');
    await writeFile(join(folder, '0001_first.up.sql'), '');
    await expect(readMigrations(folder)).rejects.toThrow('0001_first.down.sql cannot be read');
    await rm(folder, { recursive: true });
  });

  it('have the same checksum with either kind of line ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    for (const [name, text] of [
      ['0001_unix', 'select 1;\nselect 2;\n'],
      ['0002_windows', 'select 1;\r\nselect 2;\r\n'],
    ]) {
      await writeFile(join(folder, `${name}.up.sql`), text as string);
      await writeFile(join(folder, `${name}.down.sql`), '');
    }
    const [unix, windows] = await readMigrations(folder);
    expect(windows?.checksum).toBe(unix?.checksum);
    await rm(folder, { recursive: true });
  });
});

describe('the demonstration data', () => {
  it('is put into an empty database, once', async () => {
    const sown = await service.context().transaction(sow);
    expect(await service.context().transaction(sow)).toBe(false);
    expect(typeof sown).toBe('boolean');
  });
});

describe('the embedded database', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'data-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps its rows, and lets one process in', async () => {
    const config = loadConfig({ ...settings, DATA_FOLDER: folder });
    const logger = createLogger({ ...config, LOG_LEVEL: 'silent' });
    const first = await openDatabase(config, logger);
    const client = await first.pool.connect();
    await client.query('create table kept (id int)');
    client.release();
    await writeFile(join(folder, 'lock'), String(process.ppid));
    await expect(openDatabase(config, logger)).rejects.toThrow(`in use by process ${process.ppid}`);
    await first.close();
    await writeFile(join(folder, 'lock'), '999999999');
    const second = await openDatabase(config, logger);
    expect(await tablesOf(second)).toEqual(['kept']);
    await second.close();
  });
});

async function tablesOf(open: OpenDatabase): Promise<unknown[]> {
  const rows = await rowsOf(
    open,
    `select table_name as name from information_schema.tables
     where table_schema = current_schema() order by 1`,
  );
  return rows.map((row) => row['name']);
}

function schemaOf(open: OpenDatabase): Promise<Record<string, unknown>[]> {
  return rowsOf(
    open,
    `select table_name || '.' || column_name as name, data_type || ' ' || is_nullable || ' ' ||
       coalesce(column_default, '') || ' ' || ordinal_position as means
     from information_schema.columns where table_schema = current_schema()
     union all
     select conname, pg_get_constraintdef(oid) from pg_constraint
     where connamespace = current_schema()::regnamespace
     union all
     select indexname, indexdef from pg_indexes where schemaname = current_schema()
     order by 1, 2`,
  );
}

async function rowsOf(open: OpenDatabase, text: string): Promise<Record<string, unknown>[]> {
  const client = await open.pool.connect();
  try {
    return (await client.query(text, [])).rows;
  } finally {
    client.release();
  }
}
