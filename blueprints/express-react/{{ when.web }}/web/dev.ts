import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

/** Runs the API and the web application together, until one of them ends. */
const project = fileURLToPath(new URL('..', import.meta.url));

const api: ChildProcess = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--watch',
    '--watch-preserve-output',
    '--conditions=source',
    'server/src/server.ts',
  ],
  { cwd: project, stdio: 'inherit' },
);
api.on('exit', (code) => process.exit(code ?? 1));
process.on('exit', () => api.kill());

const web = await createServer({ root: fileURLToPath(new URL('.', import.meta.url)) });
await web.listen();
web.printUrls();
