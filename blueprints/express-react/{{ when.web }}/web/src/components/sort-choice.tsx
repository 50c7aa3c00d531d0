import { useId } from 'react';
import { humanized } from '../field.js';
import type { Resource } from '../resource.js';

interface SortChoiceProps {
  readonly resource: Resource;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

/** What a list is sorted by, where there are no headings to press. */
export function SortChoice({ resource, sort, onSort }: SortChoiceProps) {
  const id = useId();
  const titleOf = (name: string) => resource.fields[name]?.title ?? humanized(name);
  return (
    <div className="w-full">
      <label htmlFor={id} className="sr-only">
        Sort by
      </label>
      <select
        id={id}
        className="control"
        value={sort}
        onChange={(event) => onSort(event.target.value)}
      >
        <option value="">Usual order</option>
        {resource.list?.sorts.flatMap((name) => [
          <option key={name} value={name}>{`${titleOf(name)}, rising`}</option>,
          <option key={`-${name}`} value={`-${name}`}>{`${titleOf(name)}, falling`}</option>,
        ])}
      </select>
    </div>
  );
}
