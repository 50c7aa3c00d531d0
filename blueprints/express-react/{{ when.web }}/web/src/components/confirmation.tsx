import { Button } from './button.js';
import { Dialog } from './dialog.js';

interface ConfirmationProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly look?: 'danger' | 'primary';
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done that may not be meant. */
export function Confirmation({ title, text, action, look = 'danger', ...rest }: ConfirmationProps) {
  const { isBusy, onConfirm, onClose } = rest;
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="mb-6 text-muted">{text}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look={look} isBusy={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
