import { fromForm, type Raw, toForm } from '../codecs.js';
import type { Field } from '../field.js';
import type { ListQuery } from '../list-query.js';
import type { Filter, Resource } from '../resource.js';
import { Labelled } from './labelled.js';

interface FiltersProps {
  readonly resource: Resource;
  readonly asked: ListQuery;
}

const WORDS = { equal: '', from: ' from', before: ' before' } as const;

/** The controls that narrow a list. */
export function Filters({ resource, asked }: FiltersProps) {
  return (
    <div className="grid gap-4 rounded-xl border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
      {Object.entries(resource.list?.filters ?? {}).map(([name, filter]) => {
        const field = narrowing(resource.fields[filter.field], filter);
        return (
          <Labelled
            key={name}
            field={field}
            title={`${field.title}${WORDS[filter.by]}`}
            value={shown(field, asked.filters[name])}
            onChange={(raw) => asked.change({ [name]: told(field, raw) })}
          />
        );
      })}
    </div>
  );
}

/** A filter names one value, also of a field that holds several. */
function narrowing(field: Field | undefined, filter: Filter): Field {
  const { kind, title, ...rest } = field ?? { kind: 'text', title: filter.field };
  if (kind === 'references') {
    return { ...rest, kind: 'reference', title };
  }
  if (kind === 'list') {
    return { ...(rest.of ?? { kind: 'text' }), title };
  }
  return { ...rest, kind: kind === 'flag' ? 'optionalFlag' : kind, title };
}

function shown(field: Field, value: string | undefined): Raw {
  return toForm(field, field.kind === 'duration' && value ? Number(value) : value);
}

/** A value as the query of the list has it; nothing where it cannot be read. */
function told(field: Field, raw: Raw): string {
  try {
    return String(fromForm(field, raw) ?? '');
  } catch {
    return '';
  }
}
