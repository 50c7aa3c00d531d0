import { parseArgs } from 'node:util';
import { migrateDown, migrateUp, readMigrations } from './migrator.js';
import { configure, startRuntime } from './start.js';

/** `migrate` or `migrate up`: apply what is pending. `migrate down [steps]`: take back. */
const { positionals } = parseArgs({ allowPositionals: true });
const [direction = 'up', steps = '1'] = positionals;
const { open } = await startRuntime(configure());
try {
  const migrations = await readMigrations();
  const names =
    direction === 'down'
      ? await migrateDown(open.pool, migrations, Number(steps))
      : await migrateUp(open.pool, migrations);
  process.stdout.write(`${direction}: ${names.join(', ') || 'nothing to do'}\n`);
} finally {
  await open.close();
}
