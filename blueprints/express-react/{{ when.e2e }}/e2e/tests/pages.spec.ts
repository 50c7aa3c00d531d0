import { expect } from '@playwright/test';
import { catalogue, type ResourceName } from '../../web/src/catalogue.js';
import { type Fields, fieldsOf, isOptional } from '../../web/src/form-input.js';
import type { Resource } from '../../web/src/resource.js';
import { sampleOf } from '../../web/tests/samples.js';
import { enter, expectAccessible, expectSound, open, test } from './application.js';

/** The fields that a row cannot be made without. */
function neededOf({ fields, create }: Resource): Fields {
  const form = create === undefined ? {} : fieldsOf(fields, create.input);
  return Object.fromEntries(
    Object.entries(form).filter(
      ([name, { kind }]) => kind !== 'flag' && !isOptional(create?.input.shape[name]),
    ),
  );
}

/** Resources after those that their rows refer to. */
async function inOrder(): Promise<Resource[]> {
  const ordered = new Map<ResourceName, Resource>();
  const visit = async (name: ResourceName, waiting: readonly ResourceName[]): Promise<void> => {
    if (ordered.has(name) || waiting.includes(name)) {
      return;
    }
    const resource = await catalogue[name].load();
    for (const { to } of Object.values(neededOf(resource))) {
      if (to !== undefined) {
        await visit(to, [...waiting, name]);
      }
    }
    ordered.set(name, resource);
  };
  for (const name of Object.keys(catalogue) as ResourceName[]) {
    await visit(name, []);
  }
  return [...ordered.values()];
}

for (const resource of await inOrder()) {
  const { path, plural, isListed, isShown, isCreated, isUpdated } = catalogue[resource.name];

  test(`${plural}: empty, made, shown, changed, deleted`, async ({ page }) => {
    if (isListed) {
      await open(page, path);
      await expectAccessible(page);
    }
    test.skip(!isCreated, 'Nobody makes these');
    await open(page, `${path}/new`);
    await expectSound(page, `${resource.name}-new`);
    const needed = Object.entries(neededOf(resource));
    if (needed.some(([, { kind }]) => kind !== 'choice')) {
      await page.getByRole('button', { name: 'Create' }).click();
      await expectAccessible(page);
    }
    for (const [name, field] of needed) {
      await enter(page, field, sampleOf(field, resource.create?.input.shape[name]));
    }
    await page.getByRole('button', { name: 'Create' }).click();
    const made = page.getByText(/ was created$/);
    const refused = page.locator('form [role=alert]');
    await expect(made.or(refused).first()).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
    test.skip(await refused.isVisible(), 'The rules of the plan want other values');
    if (isListed) {
      await open(page, path);
      await expectSound(page, `${resource.name}-list`);
      const filters = page.getByRole('button', { name: 'Filters' });
      if (await filters.isVisible()) {
        await filters.click();
        await expectSound(page, `${resource.name}-filters`);
      }
    }
    test.skip(!isShown || !isListed, 'There is no page of its own');
    await open(page, path);
    await page.locator('table a').first().click();
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await page.waitForLoadState('networkidle');
    const address = page.url().replace(/^.*\/app/, '');
    await expectSound(page, `${resource.name}-detail`);
    for (const { title, fields } of resource.actions) {
      const button = page.getByRole('button', { name: title, exact: true });
      if (fields !== undefined && (await button.isVisible())) {
        await button.click();
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await expect(button).toBeFocused();
      }
    }
    if (isUpdated) {
      await open(page, `${address}/edit`);
      await expectSound(page, `${resource.name}-edit`);
    }
    if (resource.remove !== undefined) {
      await open(page, address);
      const button = page.getByRole('button', { name: 'Delete' });
      await button.click();
      await expectSound(page, `${resource.name}-delete`);
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await expect(button).toBeFocused();
    }
  });
}

test('an address that leads nowhere', async ({ page }) => {
  await open(page, '/nowhere/at-all');
  await expectSound(page, 'not-found');
});

test('the menu of a phone', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 800 });
  await open(page, '/nowhere');
  const menu = page.getByRole('button', { name: 'Menu' });
  await menu.click();
  await expect(menu).toHaveAttribute('aria-expanded', 'true');
  await expectAccessible(page);
});

test('the first page is fast and small', async ({ page }) => {
  const sizes: number[] = [];
  page.on('response', async (response) => {
    if (response.url().endsWith('.js')) {
      sizes.push(Number(response.headers()['content-length'] ?? Number.NaN));
    }
  });
  const start = Date.now();
  await page.goto('/app/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(Date.now() - start).toBeLessThan(2000);
  await page.waitForLoadState('networkidle');
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});
