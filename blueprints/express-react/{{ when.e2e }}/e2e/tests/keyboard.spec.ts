import { expect } from '@playwright/test';
import { catalogue } from '../../web/src/catalogue.js';
import { open, tabTo, test } from './application.js';

const made = Object.values(catalogue).find(({ isListed, isCreated }) => isListed && isCreated);

test('the way past the navigation comes first', async ({ page }) => {
  await open(page, '/nowhere');
  await page.locator('body').press('Tab');
  const skip = page.getByRole('button', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await skip.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('from the navigation to a form and back, with keys alone', async ({ page }) => {
  test.skip(made === undefined, 'Nobody makes anything here');
  const { path } = made as NonNullable<typeof made>;
  await open(page, '/nowhere');
  await tabTo(page, `nav a[href="/app${path}"]`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(page, `a[href="/app${path}/new"]`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo(page, 'button[type=submit]');
  await page.keyboard.press('Enter');
  const first = page.locator('[aria-invalid=true]').first();
  if ((await first.count()) > 0) {
    await expect(first).toBeFocused();
    await expect(first).toHaveAccessibleDescription(/./);
  }
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/app${path}$`));
});
