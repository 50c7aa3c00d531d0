// Takes the pictures of docs/images: node tests/stacks/pictures.mjs PROJECT ADDRESS CHROMIUM
// PROJECT is the generated task tracker or the example auth, with the rooms web and e2e, installed and built; ADDRESS
// is where it runs, with an empty database.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill } from './rows.mjs';

const [project, address, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(join(project, 'node_modules', 'x.js'))('@playwright/test');
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const AMY = { email: 'amy@example.com', password: 'Correct-horse-7', firstName: 'Amy', lastName: 'Adams' };
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-background-networking'],
});

async function newPage(width, height, colorScheme, more = {}) {
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', timezoneId: 'UTC', ...more });
  return context.newPage();
}

async function take(page, name, path) {
  await page.goto(`${address}/app${path}`);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(images, `${name}.png`) });
}

async function signIn(page) {
  await page.goto(`${address}/app/login`);
  await page.getByLabel('Email', { exact: true }).fill(AMY.email);
  await page.locator('input[name=password]').fill(AMY.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Signed in as / }).or(page.getByRole('heading', { name: 'Profile' })).first().waitFor();
}

if (existsSync(join(project, 'web', 'src', 'account'))) {
  const headers = { 'Content-Type': 'application/json' };
  await fetch(`${address}/auth/register`, { method: 'POST', headers, body: JSON.stringify(AMY) });
  await take(await newPage(1200, 640, 'light'), 'account-sign-in', '/login');
  await take(await newPage(375, 760, 'dark'), 'account-register', '/register');
  await signIn(await newPage(375, 760, 'light', { userAgent: PHONE }));
  const page = await newPage(768, 560, 'light');
  await signIn(page);
  await take(page, 'account-devices', '/devices');
  await page.setViewportSize({ width: 1200, height: 700 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, 'account-profile', '/profile');
} else {
  const first = await fill(address);
  await take(await newPage(1200, 640, 'light'), 'web-list', '/tasks');
  await take(await newPage(1200, 760, 'dark'), 'web-detail', `/tasks/${first.id}`);
  await take(await newPage(768, 760, 'light'), 'web-form', `/tasks/${first.id}/edit`);
  await take(await newPage(375, 700, 'dark'), 'web-phone', '/tasks');
}
await browser.close();
