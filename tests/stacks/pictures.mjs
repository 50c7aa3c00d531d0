// Takes the pictures of docs/images: node tests/stacks/pictures.mjs PROJECT ADDRESS CHROMIUM
// PROJECT is the generated task tracker with the rooms web and e2e, installed and built; ADDRESS is where it runs,
// with an empty database.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill } from './rows.mjs';

const [project, address, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(join(project, 'node_modules', 'x.js'))('@playwright/test');
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const first = await fill(address);
const PICTURES = [
  ['web-list', 1200, 640, 'light', '/tasks'],
  ['web-detail', 1200, 760, 'dark', `/tasks/${first.id}`],
  ['web-form', 768, 760, 'light', `/tasks/${first.id}/edit`],
  ['web-phone', 375, 700, 'dark', '/tasks'],
];
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-background-networking'],
});
for (const [name, width, height, colorScheme, path] of PICTURES) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  await page.goto(`${address}/app${path}`);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(images, `${name}.png`) });
  await context.close();
}
await browser.close();
