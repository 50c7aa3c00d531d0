import type { ComponentProps } from 'react';
import { Link } from 'react-router';

const LOOKS = {
  primary: 'bg-accent-fill text-on-fill hover:bg-accent-hover border-transparent',
  plain: 'bg-surface text-ink border-edge hover:bg-hover',
  quiet: 'border-transparent text-muted hover:bg-hover hover:text-ink',
  danger: 'bg-danger-fill text-on-fill hover:bg-danger-hover border-transparent',
} as const;

type Look = keyof typeof LOOKS;

const SHAPE =
  'inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border px-4 py-1.5 font-medium text-sm aria-disabled:opacity-60 disabled:opacity-60';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look;
  /** Whether what it does is going on: it keeps the focus, and does nothing meanwhile. */
  readonly isBusy?: boolean;
}

export function Button({ look = 'plain', isBusy = false, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={`${SHAPE} ${LOOKS[look]}`}
    />
  );
}

interface ButtonLinkProps extends ComponentProps<typeof Link> {
  readonly look?: Look;
}

export function ButtonLink({ look = 'plain', ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={`${SHAPE} ${LOOKS[look]}`} />;
}
