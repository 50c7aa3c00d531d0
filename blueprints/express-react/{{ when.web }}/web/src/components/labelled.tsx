import { useId } from 'react';
import { Control, type ControlProps } from './control.js';

interface LabelledProps extends Omit<ControlProps, 'id' | 'describedBy' | 'isInvalid'> {
  readonly title?: string;
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
}

const HINTS: Readonly<Partial<Record<string, string>>> = {
  list: 'One on each line',
  duration: 'For example 1d 2h 30m',
};

/** A control with its label, what helps to fill it in, and what is wrong with it. */
export function Labelled({ title, error, isOptional, ...control }: LabelledProps) {
  const id = useId();
  const hint = HINTS[control.field.kind];
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const isFlag = control.field.kind === 'flag';
  return (
    <div className={isFlag ? 'flex flex-wrap items-center gap-x-3' : ''}>
      <label htmlFor={id} className={`block font-medium text-sm ${isFlag ? 'order-1' : 'mb-1.5'}`}>
        {title ?? control.field.title}
        {isOptional === true && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      <Control
        {...control}
        id={id}
        isInvalid={error !== undefined}
        describedBy={described === '' ? undefined : described}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-muted text-xs">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="order-2 mt-1 w-full text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
