import { parseArgs } from 'node:util';
import { migrateDown, migrateUp, readMigrations } from './migrator.js';
import { configure, startRuntime, stop } from './start.js';

/** `migrate` or `migrate up`: apply what is pending. `migrate down [steps]`: take back. */
const { positionals } = parseArgs({ allowPositionals: true });
const [direction = 'up', steps = '1'] = positionals;
if (!['up', 'down'].includes(direction) || !/^[1-9][0-9]*$/.test(steps)) {
  stop(64, 'migrate [up], or migrate down [steps]');
}
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
