import { useState } from 'react';
import { catalogue } from '../catalogue.js';
import { rawValuesOf } from '../form-input.js';
import { messageOf } from '../problem.js';
import { useWrite } from '../queries.js';
import { type Action, labelOf, type Resource, type Row } from '../resource.js';
import { tell } from '../toasts.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { ResourceForm } from './resource-form.js';

interface ActionsProps {
  readonly resource: Resource;
  readonly row: Row;
}

/** What can be done with a row as it is now: a button each, with a form where something has to be said. */
export function Actions({ resource, row }: ActionsProps) {
  return resource.actions
    .filter(({ when = {} }) =>
      Object.entries(when).every(([name, values]) => values.includes(String(row[name]))),
    )
    .map((action) => (
      <ActionButton key={action.name} resource={resource} row={row} action={action} />
    ));
}

interface ActionButtonProps extends ActionsProps {
  readonly action: Action;
}

function ActionButton({ resource, row, action }: ActionButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const { mutateAsync, isPending } = useWrite(action.run);
  const { input, fields = {} } = action;
  const path = Object.fromEntries(
    Object.entries(action.path).map(([name, member]) => [name, row[member]]),
  );
  const run = async (said: Row) => {
    const version = resource.isVersioned && input !== undefined && 'version' in input.shape;
    await mutateAsync({ ...path, ...(version ? { version: row['version'] } : {}), ...said });
    tell(`${action.title}: done`);
    setOpen(false);
  };
  const runAtOnce = () => run({}).catch((error) => tell(messageOf(error), { look: 'failed' }));
  const asks = input !== undefined && Object.keys(fields).length > 0;
  return (
    <>
      <Button isBusy={isPending} onClick={() => (asks ? setOpen(true) : void runAtOnce())}>
        {action.title}
      </Button>
      {isOpen && asks && (
        <Dialog title={action.title} onClose={() => setOpen(false)}>
          <p className="mb-4 text-muted text-sm">
            {`${catalogue[resource.name].title}: ${labelOf(resource, row)}`}
          </p>
          <ResourceForm
            fields={fields}
            input={input}
            initial={rawValuesOf(fields, input)}
            action={action.title}
            onSend={run}
            onCancel={() => setOpen(false)}
          />
        </Dialog>
      )}
    </>
  );
}
