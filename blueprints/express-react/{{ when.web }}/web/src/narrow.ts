import { useSyncExternalStore } from 'react';

const narrow = window.matchMedia?.('(max-width: 47.99rem)');

/** Whether there is no room for a table. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow?.addEventListener('change', listener);
      return () => narrow?.removeEventListener('change', listener);
    },
    () => narrow?.matches === true,
  );
}
