import type { Fields } from '../form-input.js';
import type { Row } from '../resource.js';
import { Value } from './value.js';

interface FactsProps {
  readonly fields: Fields;
  readonly row: Row;
}

/** What is known of something: each field with its value. */
export function Facts({ fields, row }: FactsProps) {
  return (
    <dl className="divide-y divide-line rounded-xl border border-line bg-surface px-5 sm:px-8">
      {Object.entries(fields)
        .filter(([name]) => name in row)
        .map(([name, field]) => (
          <div key={name} className="gap-6 py-3.5 sm:grid sm:grid-cols-[12rem_1fr]">
            <dt className="text-muted text-sm sm:pt-px">{field.title}</dt>
            <dd className="min-w-0 whitespace-pre-line [overflow-wrap:anywhere]">
              <Value field={field} value={row[name]} />
            </dd>
          </div>
        ))}
    </dl>
  );
}
