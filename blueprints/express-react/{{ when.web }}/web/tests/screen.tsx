import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { BrowserRouter } from 'react-router';
import { expect } from 'vitest';
import { type RawMoney, toForm } from '../src/codecs.js';
import type { Field } from '../src/field.js';
import type { Fields } from '../src/form-input.js';
import { createQueryClient } from '../src/queries.js';
import { Pages } from '../src/routes.js';
import { Shell } from '../src/shell.js';

/** Opens a page of the application, as a person would. */
export function open(path: string): UserEvent {
  const client = createQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  window.history.replaceState(null, '', path);
  render(
    <QueryClientProvider client={client}>
      <BrowserRouter>
        <Shell>
          <Pages />
        </Shell>
      </BrowserRouter>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

/** The control of a field, found by its label; fields may share a title. */
export function controlOf(fields: Fields, name: string): HTMLElement {
  const title = fields[name]?.title;
  const alike = Object.keys(fields).filter((other) => fields[other]?.title === title);
  const found = screen.getAllByLabelText(
    (text) => text === title || text === `${title} (optional)`,
    { selector: 'input, select, textarea' },
  );
  return found[alike.indexOf(name)] as HTMLElement;
}

/** Enters a value as a person would: by typing, choosing, ticking. */
export async function enter(
  user: UserEvent,
  field: Field,
  control: HTMLElement,
  value: unknown,
): Promise<void> {
  if (field.kind === 'reference' || field.kind === 'references') {
    await user.click(control);
    await waitFor(() => {
      expect(document.querySelector('[role=option]:not([aria-disabled])')).not.toBeNull();
    });
    await user.keyboard('{Enter}');
    return;
  }
  if (field.kind === 'flag') {
    if ((control as HTMLInputElement).checked !== value) {
      await user.click(control);
    }
    return;
  }
  const raw = toForm(field, value);
  if (field.kind === 'money') {
    const { amount, currency } = raw as RawMoney;
    fireEvent.change(control, { target: { value: amount } });
    const other = screen.getAllByLabelText(`${field.title}: currency`)[0] as HTMLInputElement;
    if (!other.readOnly) {
      fireEvent.change(other, { target: { value: currency } });
    }
    return;
  }
  fireEvent.change(control, { target: { value: raw } });
  fireEvent.blur(control);
}
