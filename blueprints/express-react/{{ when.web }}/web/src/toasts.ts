import { useSyncExternalStore } from 'react';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly look: 'done' | 'failed';
  readonly undo?: () => void;
}

const SHOWN_FOR = 6000;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function replaceBy(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) {
    listener();
  }
}

export function dismiss(id: number): void {
  replaceBy(toasts.filter((toast) => toast.id !== id));
}

/** Takes everything away that was said. */
export function dismissAll(): void {
  replaceBy([]);
}

/** Says something at the edge of the page. What failed, or can be undone, stays until it is dismissed. */
export function tell(text: string, options: Partial<Pick<Toast, 'look' | 'undo'>> = {}): void {
  last += 1;
  const toast = { id: last, text, look: 'done', ...options } as const;
  replaceBy([...toasts.slice(-2), toast]);
  if (toast.look === 'done' && toast.undo === undefined) {
    setTimeout(() => dismiss(toast.id), SHOWN_FOR);
  }
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
