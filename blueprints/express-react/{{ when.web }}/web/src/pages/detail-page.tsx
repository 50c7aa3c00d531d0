import { useState } from 'react';
import { useNavigate } from 'react-router';
import { catalogue } from '../catalogue.js';
import { Actions } from '../components/actions.js';
import { Button, ButtonLink } from '../components/button.js';
import { Confirmation } from '../components/confirmation.js';
import { Facts } from '../components/facts.js';
import { PageHeading } from '../components/page-heading.js';
import { Panels } from '../components/panels.js';
import { messageOf } from '../problem.js';
import { useWrite } from '../queries.js';
import { addressOf, labelOf, type Resource, type Row } from '../resource.js';
import { tell } from '../toasts.js';
import { RowPage } from './row-page.js';

/** Everything about one row, and what can be done with it. */
export function DetailPage({ resource }: { readonly resource: Resource }) {
  return <RowPage resource={resource}>{(row) => <Detail resource={resource} row={row} />}</RowPage>;
}

interface DetailProps {
  readonly resource: Resource;
  readonly row: Row;
}

function Detail({ resource, row }: DetailProps) {
  const { plural, path, isListed, isUpdated } = catalogue[resource.name];
  return (
    <>
      <PageHeading
        title={labelOf(resource, row)}
        {...(isListed ? { above: { title: plural, path } } : {})}
      >
        <Actions resource={resource} row={row} />
        {isUpdated && (
          <ButtonLink to={`${path}/${addressOf(resource.key, row)}/edit`}>Edit</ButtonLink>
        )}
        <Removal resource={resource} row={row} />
      </PageHeading>
      <Facts fields={resource.fields} row={row} />
      <Panels resource={resource} row={row} />
    </>
  );
}

function Removal({ resource, row }: DetailProps) {
  const { title, path, isListed } = catalogue[resource.name];
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const key = Object.fromEntries(resource.key.map((name) => [name, row[name]]));
  const { mutateAsync: remove, isPending } = useWrite(resource.remove?.run, { leaves: true });
  const { mutateAsync: restore } = useWrite(resource.remove?.undo);
  if (resource.remove === undefined) {
    return null;
  }
  const label = labelOf(resource, row);
  const undo = () => {
    restore(key).then(
      () => tell(`${label} is back`),
      (error) => tell(messageOf(error), { look: 'failed' }),
    );
  };
  const confirm = async () => {
    try {
      await remove(key);
      tell(`${label} was deleted`, resource.remove?.undo === undefined ? {} : { undo });
      await navigate(isListed ? path : '/');
    } catch (error) {
      setAsking(false);
      tell(messageOf(error), { look: 'failed' });
    }
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>Delete</Button>
      {isAsking && (
        <Confirmation
          title={`Delete ${title.toLowerCase()}?`}
          text={
            resource.remove.undo === undefined
              ? `${label} will be gone for good.`
              : `${label} will no longer be there.`
          }
          action="Delete"
          isBusy={isPending}
          onConfirm={confirm}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
