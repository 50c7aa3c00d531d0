import { describe, it } from 'vitest';

type Define<Work> = (name: string, work: Work) => void;

const nothing = () => undefined;

/** A test that the plan gives a reason for; without one there is none, rather than one that is skipped. */
export function itIf(reason: unknown): Define<() => Promise<void>> {
  return reason ? it : nothing;
}

/** Tests that the plan gives a reason for. */
export function describeIf(reason: unknown): Define<() => void> {
  return reason ? describe : nothing;
}
