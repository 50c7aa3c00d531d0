// Takes the pictures of docs/images: node tests/stacks/pictures.mjs PROJECT ADDRESS CHROMIUM
// PROJECT is the generated task tracker with the rooms web and e2e, installed and built; ADDRESS is where it runs,
// with an empty database.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [project, address, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(join(project, 'node_modules', 'x.js'))('@playwright/test');
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

async function make(path, body) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(address + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response.json();
}

const TASKS = [
  ['Write the texts', 'Amy', 5, '2026-03-02'],
  ['Choose the pictures', 'Bob', 4, '2026-03-04'],
  ['Check the colours', 'Amy', 4, '2026-03-05'],
  ['Try it with a keyboard', 'Bob', 3, '2026-03-09'],
  ['Measure the first page', 'Amy', 3, null],
  ['Publish', 'Amy', 2, '2026-03-16'],
  ['Tell everybody', 'Bob', 1, null],
];
const people = {};
for (const name of ['Amy', 'Bob']) {
  people[name] = await make('/people', { name, email: `${name.toLowerCase()}@example.com` });
}
const site = await make('/projects', { key: 'WEB', name: 'Web site', leadId: people.Amy.id });
let first;
for (const [title, assignee, priority, dueOn] of TASKS) {
  const task = { projectId: site.id, assigneeId: people[assignee].id, title, priority, dueOn };
  const made = await make('/tasks', { ...task, estimateHours: '2.50' });
  first ??= made;
  if (priority > 4) {
    await make(`/tasks/${made.id}/start`, {});
  }
}

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
