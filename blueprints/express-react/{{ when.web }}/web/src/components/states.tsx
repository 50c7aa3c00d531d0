import type { ReactNode } from 'react';
import { messageOf } from '../problem.js';
import { Button } from './button.js';

const ROWS = ['w-11/12', 'w-4/5', 'w-10/12', 'w-3/5', 'w-9/12'];

/** What stands where something is being fetched. */
export function Loading() {
  return (
    <div role="status" className="space-y-4 rounded-xl border border-line bg-surface p-6">
      <span className="sr-only">Loading</span>
      {ROWS.map((width) => (
        <div key={width} className={`h-4 animate-pulse rounded bg-hover ${width}`} />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** What stands where there is nothing, and what can be done about it. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="rounded-xl border border-line border-dashed px-6 py-12 text-center">
      <p className="mb-4 text-muted">{title}</p>
      {children}
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What stands where something could not be fetched. */
export function Failure({ error, onRetry }: FailureProps) {
  return (
    <div
      role="alert"
      className="rounded-xl border border-line bg-danger-soft px-6 py-8 text-center"
    >
      <p className="mb-4">{messageOf(error)}</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}
