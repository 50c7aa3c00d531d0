import type { Raw, RawMoney } from '../codecs.js';
import { type Field, humanized, type Kind } from '../field.js';
import { ReferencePicker } from './reference-picker.js';

export interface ControlProps {
  readonly field: Field;
  readonly id: string;
  readonly value: Raw;
  readonly onChange: (value: Raw) => void;
  readonly onBlur?: () => void;
  readonly isInvalid?: boolean;
  readonly isRequired?: boolean;
  /** What a browser may fill in by itself. */
  readonly autoComplete?: string | undefined;
  /** The elements that say more about it. */
  readonly describedBy?: string | undefined;
  readonly inputRef?: React.Ref<HTMLElement>;
}

const INPUTS: Readonly<Partial<Record<Kind, React.ComponentProps<'input'>>>> = {
  email: { type: 'email', autoComplete: 'off' },
  url: { type: 'url' },
  integer: { inputMode: 'numeric' },
  decimal: { inputMode: 'decimal' },
  date: { type: 'date' },
  time: { type: 'time', step: 1 },
  instant: { type: 'datetime-local', step: 1 },
  duration: { placeholder: '1h 30m' },
};

const AREAS: readonly Kind[] = ['multiline', 'list', 'json'];

/** What a value of a kind is entered with. */
export function Control(props: ControlProps) {
  const { field, id, value, onChange, onBlur, isInvalid, isRequired, describedBy, inputRef } =
    props;
  const { autoComplete } = props;
  const shared = {
    id,
    onBlur,
    'aria-invalid': isInvalid || undefined,
    'aria-required': isRequired || undefined,
    'aria-describedby': describedBy,
  };
  if (field.kind === 'reference' || field.kind === 'references') {
    return <ReferencePicker {...props} />;
  }
  if (field.kind === 'flag') {
    return (
      <input
        {...shared}
        ref={inputRef as React.Ref<HTMLInputElement>}
        type="checkbox"
        className="size-5 accent-accent-fill"
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  if (field.kind === 'choice' || field.kind === 'optionalFlag') {
    const options =
      field.kind === 'choice'
        ? (field.options ?? []).map((option) => [option, humanized(option)])
        : [
            ['true', 'Yes'],
            ['false', 'No'],
          ];
    return (
      <select
        {...shared}
        ref={inputRef as React.Ref<HTMLSelectElement>}
        className="control"
        value={String(value)}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="" />
        {options.map(([option, title]) => (
          <option key={option} value={option}>
            {title}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === 'money') {
    return <MoneyControl {...props} />;
  }
  if (AREAS.includes(field.kind)) {
    return (
      <textarea
        {...shared}
        ref={inputRef as React.Ref<HTMLTextAreaElement>}
        className={`control ${field.kind === 'json' ? 'font-mono text-sm' : ''}`}
        rows={4}
        value={String(value)}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <input
      {...shared}
      {...INPUTS[field.kind]}
      {...(autoComplete === undefined ? {} : { autoComplete })}
      ref={inputRef as React.Ref<HTMLInputElement>}
      className="control"
      value={String(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function MoneyControl({ field, id, value, onChange, onBlur, ...rest }: ControlProps) {
  const { amount, currency } = value as RawMoney;
  return (
    <div className="flex gap-2">
      <input
        id={id}
        ref={rest.inputRef as React.Ref<HTMLInputElement>}
        className="control"
        inputMode="decimal"
        value={amount}
        onBlur={onBlur}
        onChange={(event) => onChange({ amount: event.target.value, currency })}
        aria-invalid={rest.isInvalid || undefined}
        aria-required={rest.isRequired || undefined}
        aria-describedby={rest.describedBy}
      />
      <input
        aria-label={`${field.title}: currency`}
        className="control max-w-24 uppercase read-only:text-muted"
        readOnly={field.currency !== undefined}
        maxLength={3}
        placeholder="EUR"
        value={currency}
        onBlur={onBlur}
        onChange={(event) => onChange({ amount, currency: event.target.value.toUpperCase() })}
      />
    </div>
  );
}
