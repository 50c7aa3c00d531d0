import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { call, type Page, useKnown, useReferred } from '../queries.js';
import { labelOf, type Resource, type Row } from '../resource.js';
import type { ControlProps } from './control.js';

const SHOWN = 20;

/** Chooses one row of a resource, or several, among those that match what is typed. */
export function ReferencePicker(props: ControlProps) {
  const { field, id, value, onChange, onBlur } = props;
  const isMany = field.kind === 'references';
  const chosen = isMany ? (value as readonly string[]) : [value as string].filter(Boolean);
  const to = field.to;
  const resource = useKnown(to)?.resource;
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const current = useReferred(to, isMany ? undefined : chosen[0]);
  const found = useOffered(resource, isOpen, typed);
  const keyOf = (row: Row) => String(row[resource?.key[0] ?? 'id']);
  const offered = found.filter((row) => !(isMany && chosen.includes(keyOf(row))));
  const currentLabel =
    current.resource && current.row ? labelOf(current.resource, current.row) : (chosen[0] ?? '');

  const choose = (row: Row | undefined) => {
    if (row !== undefined) {
      onChange(isMany ? [...chosen, keyOf(row)] : keyOf(row));
      close();
    }
  };
  const open = () => {
    setOpen(true);
    setActive(0);
  };
  const close = () => {
    setOpen(false);
    setTyped('');
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const count = Math.max(offered.length, 1);
      return isOpen ? setActive((active + step + count) % count) : open();
    }
    if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      return choose(offered[active]);
    }
    if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      return close();
    }
  };

  return (
    <div className="relative">
      {isMany && chosen.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-2" aria-label={`${field.title}: chosen`}>
          {chosen.map((key) => (
            <Chosen
              key={key}
              {...props}
              chosen={key}
              onRemove={() => onChange(chosen.filter((other) => other !== key))}
            />
          ))}
        </ul>
      )}
      <input
        id={id}
        ref={props.inputRef as React.Ref<HTMLInputElement>}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-options`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && offered[active] ? `${id}-${active}` : undefined}
        aria-invalid={props.isInvalid || undefined}
        aria-required={props.isRequired || undefined}
        aria-describedby={props.describedBy}
        autoComplete="off"
        placeholder={to === undefined ? '' : `Choose ${isMany ? 'more' : 'one'}`}
        className="control"
        value={isOpen ? typed : isMany ? '' : currentLabel}
        onClick={open}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          open();
          setTyped(event.target.value);
          if (event.target.value === '' && !isMany) {
            onChange('');
          }
        }}
        onBlur={() => {
          close();
          onBlur?.();
        }}
      />
      {!isMany && chosen.length > 0 && (
        <button
          type="button"
          aria-label={`Clear ${field.title}`}
          className="absolute top-1 right-1 rounded px-2.5 py-1 text-muted hover:bg-hover hover:text-ink"
          onClick={() => onChange('')}
        >
          <span aria-hidden="true">×</span>
        </button>
      )}
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label={field.title}
        className={`absolute inset-x-0 z-10 mt-1 max-h-64 overflow-y-auto rounded-lg border border-line bg-surface py-1 shadow-lg ${isOpen ? '' : 'hidden'}`}
      >
        {isOpen &&
          offered.map((row, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              key={keyOf(row)}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              className="cursor-pointer px-3 py-2 text-sm hover:bg-hover aria-selected:bg-accent-soft"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(row)}
            >
              {resource && labelOf(resource, row)}
            </div>
          ))}
        {isOpen && offered.length === 0 && (
          <div
            role="option"
            aria-disabled="true"
            aria-selected="false"
            tabIndex={-1}
            className="px-3 py-2 text-muted text-sm"
          >
            Nothing found
          </div>
        )}
      </div>
    </div>
  );
}

/** The rows to choose from: found by the server where it can search, else among the first ones. */
function useOffered(
  resource: Resource | undefined,
  isOpen: boolean,
  typed: string,
): readonly Row[] {
  const search = useDeferredValue(typed.trim());
  const hasSearch = resource?.list?.hasSearch === true;
  const query = { limit: hasSearch ? SHOWN : 100, ...(hasSearch && search ? { search } : {}) };
  const { data } = useQuery({
    queryKey: [resource?.name ?? '', 'offered', query],
    enabled: isOpen && resource?.list !== undefined,
    queryFn: () => call<Page>(resource?.list?.run as never, query),
    placeholderData: (before) => before,
  });
  const rows = data?.items ?? [];
  if (resource === undefined || hasSearch) {
    return rows;
  }
  const wanted = search.toLowerCase();
  return rows
    .filter((row) => labelOf(resource, row).toLowerCase().includes(wanted))
    .slice(0, SHOWN);
}

interface ChosenProps extends ControlProps {
  readonly chosen: string;
  readonly onRemove: () => void;
}

function Chosen({ field, chosen, onRemove }: ChosenProps) {
  const { resource, row } = useReferred(field.to, chosen);
  const label = resource && row ? labelOf(resource, row) : chosen;
  return (
    <li className="flex items-center gap-1 rounded-full border border-line bg-hover py-0.5 pr-1 pl-3 text-sm">
      {label}
      <button
        type="button"
        aria-label={`Remove ${label}`}
        className="rounded-full px-2 py-0.5 text-muted hover:text-ink"
        onClick={onRemove}
      >
        <span aria-hidden="true">×</span>
      </button>
    </li>
  );
}
