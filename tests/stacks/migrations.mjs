// Migrates folders of SQL up, down and up on an embedded database, or in a new one on the server of DATABASE_URL;
// prints what differs between the two ups.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, ...folders] = process.argv.slice(2);
const packages = createRequire(join(modules, 'package.json'));

const SNAPSHOT = `
  select 'column' as kind, table_name as owner, column_name as name,
         concat_ws(' ', data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable, column_default) as text
    from information_schema.columns where table_schema = 'public'
  union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
  order by 1, 2, 3`;

const database = await open(process.env.DATABASE_URL);
const problems = [];
for (const folder of folders) {
  const files = readdirSync(folder).sort();
  const up = files.filter((file) => file.endsWith('.up.sql'));
  const down = files.filter((file) => file.endsWith('.down.sql')).reverse();
  const run = async (names) => {
    for (const name of names) {
      await database.exec(readFileSync(join(folder, name), 'utf8'));
    }
    return JSON.stringify((await database.query(SNAPSHOT)).rows);
  };
  try {
    const first = await run(up);
    const empty = await run(down);
    if (empty !== '[]') {
      problems.push(`${folder}: going down leaves ${empty}`);
    }
    if ((await run(up)) !== first) {
      problems.push(`${folder}: the second way up leads elsewhere`);
    }
  } catch (error) {
    problems.push(`${folder}: ${error.message}`);
  }
  await database.exec('drop schema public cascade; create schema public');
}
console.log(problems.length === 0 ? `${folders.length} histories up, down, up` : problems.join('\n'));
process.exit(problems.length === 0 ? 0 : 1);

async function open(url) {
  if (url === undefined) {
    const { PGlite } = packages('@electric-sql/pglite');
    const { btree_gist } = packages('@electric-sql/pglite/contrib/btree_gist');
    return new PGlite({ extensions: { btree_gist } });
  }
  const { Client } = packages('pg');
  const server = new Client(url);
  await server.connect();
  await server.query('drop database if exists migration_histories with (force)');
  await server.query('create database migration_histories');
  await server.end();
  const client = new Client(Object.assign(new URL(url), { pathname: '/migration_histories' }).href);
  await client.connect();
  return { exec: (script) => client.query(script), query: (text) => client.query(text) };
}
