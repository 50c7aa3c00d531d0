import { parseArgs } from 'node:util';
import { faultsOf, migrateDown, migrateUp, readMigrations } from './migrator.js';
import { configure, startRuntime, stop, tellOfRebuilding } from './start.js';

/**
 * `migrate` or `migrate up`: apply what is pending. `migrate down [steps]`: take back. `migrate check`: whether
 * all are sealed, and as they were sealed.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [direction = 'up', steps = '1'] = positionals;
if (!['up', 'down', 'check'].includes(direction) || !/^[1-9][0-9]*$/.test(steps)) {
  stop(64, 'migrate [up], migrate down [steps], or migrate check');
}
const migrations = await readMigrations().catch((error: Error) => stop(1, error.message));
if (direction === 'check') {
  const faults = faultsOf(migrations);
  stop(faults.length > 0 ? 1 : 0, faults.join('\n') || 'All migrations are sealed');
}
const config = configure();
const { runtime, open } = await startRuntime(config);
try {
  const names =
    direction === 'down'
      ? await migrateDown(open.pool, migrations, Number(steps))
      : await migrateUp(open.pool, migrations, tellOfRebuilding(runtime));
  process.stdout.write(`${direction}: ${names.join(', ') || 'nothing to do'}\n`);
} finally {
  await open.close();
}
