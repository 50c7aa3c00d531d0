import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { catalogue } from '../catalogue.js';
import { PageHeading } from '../components/page-heading.js';
import { ResourceForm } from '../components/resource-form.js';
import { fieldsOf, rawValuesOf } from '../form-input.js';
import { codeOf } from '../problem.js';
import { useWrite } from '../queries.js';
import { addressOf, labelOf, type Resource, type Row, type Sending } from '../resource.js';
import { tell } from '../toasts.js';
import { NotFoundPage } from './not-found-page.js';
import { RowPage } from './row-page.js';

/** A form that changes a row. */
export function EditPage({ resource }: { readonly resource: Resource }) {
  const { update } = resource;
  return update === undefined ? (
    <NotFoundPage />
  ) : (
    <RowPage resource={resource}>
      {(row, reload) => <Edit resource={resource} row={row} update={update} reload={reload} />}
    </RowPage>
  );
}

interface EditProps {
  readonly resource: Resource;
  readonly row: Row;
  readonly update: Sending;
  readonly reload: () => void;
}

function Edit({ resource, row, update, reload }: EditProps) {
  const { path } = catalogue[resource.name];
  const navigate = useNavigate();
  const { mutateAsync } = useWrite(update.run, { leaves: true });
  const fields = useMemo(() => fieldsOf(resource.fields, update.input), [resource, update]);
  const initial = useMemo(() => rawValuesOf(fields, update.input, row), [fields, update, row]);
  const address = `${path}/${addressOf(resource.key, row)}`;
  const key = Object.fromEntries(resource.key.map((name) => [name, row[name]]));
  return (
    <>
      <PageHeading
        title={`Edit ${labelOf(resource, row)}`}
        above={{ title: labelOf(resource, row), path: address }}
      />
      <div className="max-w-2xl rounded-xl border border-line bg-surface p-5 sm:p-8">
        <ResourceForm
          fields={fields}
          input={update.input}
          initial={initial}
          isChange
          action="Save"
          onCancel={() => navigate(address)}
          onSend={async (changes) => {
            const version = resource.isVersioned ? { version: row['version'] } : {};
            try {
              await mutateAsync({ ...key, ...changes, ...version });
            } catch (error) {
              if (codeOf(error) === 'VERSION_CONFLICT') {
                // The form takes over what others wrote; what was changed in it stays to be sent again.
                reload();
              }
              throw error;
            }
            tell(`${labelOf(resource, row)} was changed`);
            await navigate(address);
          }}
        />
      </div>
    </>
  );
}
