import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { startRuntime } from '../../src/start.js';
import { settings } from '../settings.js';

let written = '';

beforeEach(() => {
  written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  vi.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Error(`exit ${status}`);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a process', () => {
  it('ends with the reason when its database is out of reach, and keeps the password', async () => {
    const port = await closedPort();
    const DATABASE_URL = `postgres://someone:opensesame@127.0.0.1:${port}/somewhere`;
    const config = loadConfig({ ...settings, LOG_LEVEL: 'silent', DATABASE_URL });
    await expect(startRuntime(config)).rejects.toThrow('exit 69');
    expect(written).toMatch(/^The database of DATABASE_URL cannot be used: .*ECONNREFUSED.*\n$/);
    expect(written).not.toContain('opensesame');
  });

  it('does nothing when it is told to migrate in a direction that there is not', async () => {
    const given = ['--import', 'tsx', '--conditions=source', 'src/migrate.ts', 'dwon'];
    const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      64,
      'migrate [up], migrate down [steps], or migrate check\n',
    ]);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
