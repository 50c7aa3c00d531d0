import { defineConfig } from '@playwright/test';

const PORT = 4173;
/** A Chromium that is there already, in place of Playwright's own. */
const CHROMIUM = process.env['E2E_CHROMIUM'];

export default defineConfig({
  testDir: 'tests',
  // What one page makes, the next one refers to.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    // In place of a gateway, where the API has one in front of it: {"X-Actor-Id": "..."}.
    extraHTTPHeaders: JSON.parse(process.env['E2E_HEADERS'] ?? '{}') as Record<string, string>,
    ...(CHROMIUM === undefined
      ? {}
      : {
          launchOptions: {
            executablePath: CHROMIUM,
            args: ['--no-sandbox', '--disable-background-networking'],
          },
        }),
  },
  // The application as it was built, over a database of its own: `npm run build` comes first.
  webServer: {
    command: 'node --enable-source-maps server/dist/server.js',
    cwd: '..',
    url: `http://127.0.0.1:${PORT}/health/ready`,
    env: { PORT: String(PORT), DATA_FOLDER: ':memory:', RATE_LIMIT_PER_MINUTE: '0' },
  },
});
