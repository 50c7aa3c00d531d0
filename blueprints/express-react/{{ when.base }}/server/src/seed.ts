import { createContext } from './context.js';
import { migrateUp, readMigrations } from './migrator.js';
import { sow } from './seeds.js';
import { configure, startRuntime, tellOfRebuilding } from './start.js';

/** Puts the demonstration data into an empty database. */
const { runtime, open } = await startRuntime(configure());
try {
  await migrateUp(open.pool, await readMigrations(), tellOfRebuilding(runtime));
  const sown = await createContext(runtime, runtime.logger, { sight: 'system' }).transaction(sow);
  process.stdout.write(sown ? 'The demonstration data is in.\n' : 'There is data already.\n');
} finally {
  await open.close();
}
