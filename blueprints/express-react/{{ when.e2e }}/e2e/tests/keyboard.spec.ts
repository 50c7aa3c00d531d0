import { expect, type Page } from '@playwright/test';
import { catalogue } from '../../web/src/catalogue.js';
import { open, test } from './application.js';

const MOST_STEPS = 200;

/** Presses Tab until what has the focus is what is wanted; everything on the way shows that it has it. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    const { matches, isSeen, html } = await page.evaluate((selector) => {
      const focused = document.activeElement ?? document.body;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return {
        matches: focused.matches(selector),
        isSeen: focused === document.body || (outlineStyle !== 'none' && outlineWidth !== '0px'),
        html: focused.outerHTML.slice(0, 200),
      };
    }, wanted);
    expect(isSeen, `${html} shows the focus`).toBe(true);
    if (matches) {
      return;
    }
  }
  throw new Error(`Tab never comes to ${wanted}`);
}

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
