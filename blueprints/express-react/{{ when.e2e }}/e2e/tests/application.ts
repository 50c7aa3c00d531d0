import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page, test as base } from '@playwright/test';
import { type RawMoney, toForm } from '../../web/src/codecs.js';
import type { Field } from '../../web/src/field.js';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const WIDTHS = { desktop: 1280, tablet: 768, phone: 375 } as const;

/** A test in which the browser has nothing to complain of: no error of a script, no refused policy. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // That a request was answered with an error is what some tests are about.
        const isAnswer = message.text().startsWith('Failed to load resource');
        if (['error', 'warning'].includes(message.type()) && !isAnswer) {
          complaints.push(message.text());
        }
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens a page of the application and waits until there is nothing more to fetch. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(`/app${path}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
}

/**
 * Nothing that WCAG 2.1 AA forbids, as far as a program can tell. A page on its way to the next is looked at again
 * when that is there.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(async () => {
    const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
    expect(found).toEqual([]);
  }).toPass({ timeout: 10_000 });
}

/** Fits every width without scrolling to the side, is accessible in both colours, and can be looked at. */
export async function expectSound(page: Page, name: string): Promise<void> {
  for (const [device, width] of Object.entries(WIDTHS)) {
    const colorScheme = device === 'phone' ? 'dark' : 'light';
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `test-results/screens/${name}-${device}.png` });
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond, `${name} on a ${device}`).toBeLessThanOrEqual(0);
    if (device !== 'tablet') {
      await expectAccessible(page);
    }
  }
  await page.setViewportSize({ width: WIDTHS.desktop, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The controls of a field: the label says what it is, and whether it may be left out. */
export function controlOf(page: Page, field: Field): Locator {
  const escaped = field.title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return page
    .getByLabel(new RegExp(`^${escaped}(?: \\(optional\\))?$`))
    .and(page.locator('input, select, textarea'))
    .first();
}

/** Enters a value as a person would. */
export async function enter(page: Page, field: Field, value: unknown): Promise<void> {
  const control = controlOf(page, field);
  if (field.kind === 'reference' || field.kind === 'references') {
    await control.click();
    await page.locator('[role=option]:not([aria-disabled])').first().waitFor();
    await control.press('Enter');
    return;
  }
  if (field.kind === 'flag') {
    await control.setChecked(value === true);
    return;
  }
  const raw = toForm(field, value);
  if (field.kind === 'choice' || field.kind === 'optionalFlag') {
    await control.selectOption(String(raw));
    return;
  }
  if (field.kind === 'money') {
    const { amount, currency } = raw as RawMoney;
    await control.fill(amount);
    const other = page.getByLabel(`${field.title}: currency`).first();
    if (await other.isEditable()) {
      await other.fill(currency);
    }
    return;
  }
  await control.fill(String(raw));
}
