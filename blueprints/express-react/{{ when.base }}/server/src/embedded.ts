import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Answer, Client, Pool } from './database.js';
import { valueParsers } from './value-parsers.js';

/**
 * PostgreSQL inside this process, behind the interface of a pool. It has one connection, so whoever
 * wants it waits for the one before. Without a folder it lives in memory.
 */
export async function openEmbedded(folder?: string): Promise<Pool> {
  const unlock = folder === undefined ? () => undefined : lock(folder);
  const engine = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: join(folder, 'database') }),
    parsers: { ...valueParsers },
  });
  let last: Promise<void> = Promise.resolve();

  async function run(text: string, values?: readonly unknown[]): Promise<Answer> {
    if (values === undefined) {
      await engine.exec(text);
      return { command: 'SCRIPT', rowCount: 0, rows: [] };
    }
    const result = await engine.query<Record<string, unknown>>(text, [...values]);
    const rowCount = result.affectedRows || result.rows.length;
    return { command: commandOf(text), rowCount, rows: result.rows };
  }

  return {
    async connect(): Promise<Client> {
      const turn = last;
      let release = () => {};
      last = new Promise((resolve) => {
        release = resolve;
      });
      await turn;
      return { query: run, release };
    },
    async end(): Promise<void> {
      await engine.close();
      unlock();
    },
  };
}

function commandOf(text: string): string {
  return /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? '';
}

/** The engine itself does not notice a second process on the same files, which would ruin them. */
function lock(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'lock');
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch {
    const owner = Number(readFileSync(path, 'utf8'));
    if (owner !== process.pid && isRunning(owner)) {
      throw new Error(`${folder} is in use by process ${owner}; stop it or set DATA_FOLDER.`);
    }
    rmSync(path);
    return lock(folder);
  }
  return () => rmSync(path, { force: true });
}

function isRunning(process_: number): boolean {
  try {
    return process_ > 0 && process.kill(process_, 0);
  } catch (error) {
    // It runs, as somebody else.
    return (error as { code?: string }).code === 'EPERM';
  }
}
