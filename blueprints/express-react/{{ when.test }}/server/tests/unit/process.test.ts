import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { settings } from '../settings.js';

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url));

let running: ChildProcess | undefined;
afterEach(() => running?.kill('SIGKILL'));

/** Starts the server as a process of its own, and waits for a text in what it writes. */
async function start(environment: Record<string, string>, awaited: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', SERVER], {
    // Nothing of the tests' own environment, which vitest has added to.
    env: {
      PATH: process.env['PATH'],
      ...settings,
      PORT: '0',
      DATA_FOLDER: ':memory:',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  const exited = once(child, 'exit');
  let written = '';
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        written += chunk;
        if (written.includes(awaited)) {
          resolve();
        }
      });
    }
    child.on('exit', () => resolve());
  });
  return { child, exited, written: () => written };
}

describe('the process', () => {
  it('serves until it is told to stop, and then leaves in peace', async () => {
    const { child, exited, written } = await start({}, '"msg":"Listening"');
    const [, url] = /"url":"([^"]+)"/.exec(written()) ?? [];
    expect(url, written()).toBeDefined();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    expect(await exited, written()).toEqual([0, null]);
    expect(written()).toContain('"msg":"Shutting down"');
  });

  it('does not start when the environment is wrong, and says what is', async () => {
    const { exited, written } = await start({ PORT: 'many' }, 'PORT');
    expect(await exited).toEqual([78, null]);
    expect(written()).toContain('PORT must be a whole number');
  });
});
