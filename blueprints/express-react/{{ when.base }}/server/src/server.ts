import { createApp } from './app.js';
import { migrateUp, readMigrations } from './migrator.js';
import { configure, startRuntime, stop, tellOfRebuilding } from './start.js';

const config = configure();
const { runtime, open } = await startRuntime(config);
const { logger } = runtime;

if (config.MIGRATE_ON_START) {
  const applied = await migrateUp(open.pool, await readMigrations(), tellOfRebuilding(runtime));
  logger.info({ applied }, 'The database is up to date');
}

let draining = false;
const server = createApp(runtime, () => draining).listen(config.PORT, config.HOST, (error) => {
  if (error) {
    stop(1, `Port ${config.PORT} cannot be opened: ${error.message}. Set another PORT.`);
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.PORT;
  logger.info({ url: `http://${config.HOST}:${port}` }, 'Listening');
});

/** Takes no new requests, lets the open ones end, and leaves even if one of them does not. */
async function shutDown(signal: string): Promise<void> {
  if (draining) {
    return;
  }
  draining = true;
  logger.info({ signal }, 'Shutting down');
  setTimeout(() => process.exit(1), config.SHUTDOWN_TIMEOUT).unref();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  await open.close();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    void shutDown(signal);
  });
}
