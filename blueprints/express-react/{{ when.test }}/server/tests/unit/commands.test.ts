import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { ConfigurationError } from '../../src/environment.js';
import { readMigrations } from '../../src/migrator.js';
import { routes } from '../../src/routes.js';
import { configure } from '../../src/start.js';
import { settings } from '../settings.js';

const { argv } = process;
const folder = process.cwd();
let written = '';

beforeEach(() => {
  const given = { DATA_FOLDER: ':memory:', LOG_LEVEL: 'silent', ...settings };
  const names = ['DATABASE_URL', ...Object.keys(loadConfig(settings))];
  // Nothing of the tests' own environment, which vitest has added to.
  for (const name of names) {
    vi.stubEnv(name, given[name as keyof typeof given]);
  }
  written = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  }
});

afterEach(() => {
  process.argv = argv;
  process.chdir(folder);
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Commands do their work when they are loaded, so each is loaded once. */
describe('the commands', () => {
  it('print the OpenAPI document', async () => {
    await import('../../src/print-openapi.js');
    const document = JSON.parse(written) as { paths: Record<string, object> };
    expect(Object.keys(document.paths)).toEqual([...new Set(routes.map(({ path }) => path))]);
  });

  it('migrate, and say what they did', async () => {
    process.argv = [...argv.slice(0, 2), 'up'];
    await import('../../src/migrate.js');
    const names = (await readMigrations()).map(({ name }) => name);
    expect(written).toBe(`up: ${names.join(', ')}\n`);
  });

  it('sow the demonstration data, if the plan has any', async () => {
    await import('../../src/seed.js');
    expect(written).toMatch(/^(The demonstration data is in|There is data already)\.\n$/);
  });

  it('serve until they are told to stop, and leave even if a request does not end', async () => {
    const port = await freePort();
    vi.stubEnv('PORT', String(port));
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    await import('../../src/server.js');
    const ready = () => fetch(`http://127.0.0.1:${port}/health/ready`);
    await vi.waitFor(async () => expect((await ready()).status).toBe(200));
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    process.emit('SIGTERM');
    process.emit('SIGINT');
    vi.runAllTimers();
    expect(exit).toHaveBeenCalledWith(1);
    vi.useRealTimers();
    await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0));
    expect(exit).toHaveBeenCalledTimes(2);
    await expect(ready()).rejects.toThrow();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.removeListener(signal, process.listeners(signal).at(-1) as () => void);
    }
  });
});

describe('the environment', () => {
  it('is completed by the file .env', async () => {
    const place = await mkdtemp(join(tmpdir(), 'environment-'));
    await writeFile(join(place, '.env'), 'PORT=4321\n');
    vi.stubEnv('PORT', undefined);
    process.chdir(place);
    expect(configure().PORT).toBe(4321);
    process.chdir(folder);
    await rm(place, { recursive: true });
  });

  it('ends the process when it is wrong, and says what is', () => {
    vi.stubEnv('PORT', 'many');
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    expect(configure).toThrow(ConfigurationError);
    expect(exit).toHaveBeenCalledWith(78);
    expect(written).toContain('PORT must be a whole number');
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
