import { useEffect } from 'react';
import { dismiss, dismissAll, type Toast, useToasts } from '../toasts.js';

/** What was done and what failed, at the edge of the page; read out as it appears. */
export function Toasts() {
  const toasts = useToasts();
  useEffect(() => dismissAll, []);
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-0 z-10 space-y-2 p-4 sm:left-auto sm:w-96">
      <div role="status" className="space-y-2">
        {toasts.filter(({ look }) => look === 'done').map(toastOf)}
      </div>
      <div role="alert" className="space-y-2">
        {toasts.filter(({ look }) => look === 'failed').map(toastOf)}
      </div>
    </div>
  );
}

function toastOf({ id, text, look, undo }: Toast) {
  return (
    <div
      key={id}
      className={`pointer-events-auto flex items-center gap-3 rounded-xl border border-line px-4 py-2 shadow-lg ${look === 'failed' ? 'bg-danger-soft' : 'bg-surface'}`}
    >
      <p className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{text}</p>
      {undo !== undefined && (
        <button
          type="button"
          className="rounded px-2 py-1 font-medium text-accent text-sm hover:underline"
          onClick={() => {
            dismiss(id);
            undo();
          }}
        >
          Undo
        </button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        className="rounded px-2 py-1 text-muted hover:bg-hover hover:text-ink"
        onClick={() => dismiss(id)}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}
