import { useId, useState } from 'react';
import { passwordRules } from '../account/account.js';
import type { Raw } from '../codecs.js';

interface PasswordFieldProps {
  readonly title: string;
  readonly value: Raw;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
  readonly inputRef: React.Ref<HTMLInputElement>;
  readonly error: string | undefined;
  readonly autoComplete: 'current-password' | 'new-password';
}

/** A password, which can be looked at while it is typed. Of a new one is told beforehand what it must have. */
export function PasswordField(props: PasswordFieldProps) {
  const { title, value, onChange, onBlur, inputRef, error, autoComplete } = props;
  const [isShown, setShown] = useState(false);
  const id = useId();
  const hasRules = autoComplete === 'new-password' && passwordRules.length > 0;
  const described = [hasRules && `${id}-rules`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {title}
      </label>
      <div className="relative">
        <input
          id={id}
          ref={inputRef}
          name="password"
          type={isShown ? 'text' : 'password'}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          aria-required
          aria-invalid={error !== undefined || undefined}
          aria-describedby={described === '' ? undefined : described}
          className="control pr-20"
          value={String(value)}
          onBlur={onBlur}
          onChange={(event) => onChange(event.target.value)}
        />
        <button
          type="button"
          aria-pressed={isShown}
          aria-label="Show password"
          onClick={() => setShown(!isShown)}
          className="absolute inset-y-1 right-1 min-w-16 rounded-md px-2 font-medium text-muted text-sm hover:bg-hover hover:text-ink"
        >
          <span aria-hidden="true">{isShown ? 'Hide' : 'Show'}</span>
        </button>
      </div>
      {hasRules && (
        <p id={`${id}-rules`} className="mt-1 text-muted text-xs">
          {`It must have ${new Intl.ListFormat('en').format(passwordRules)}.`}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1 text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
