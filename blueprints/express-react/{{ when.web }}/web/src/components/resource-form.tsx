import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { type Fields, filledIn, isOptional, type RawValues, sentence } from '../form-input.js';
import { messageOf, ProblemError } from '../problem.js';
import type { Row } from '../resource.js';
import { Button } from './button.js';
import { Labelled } from './labelled.js';

interface ResourceFormProps {
  readonly fields: Fields;
  /** The shape of the contract that is filled in. */
  readonly input: z.ZodObject;
  readonly initial: RawValues;
  /** Whether only what was changed is sent. */
  readonly isChange?: boolean;
  readonly action: string;
  readonly onSend: (input: Row) => Promise<unknown>;
  readonly onCancel: () => void;
}

/** A form for the input of an operation: checked by the contract here, and by the server again. */
export function ResourceForm(props: ResourceFormProps) {
  const { fields, input, initial, isChange = false, action, onSend, onCancel } = props;
  const [failure, setFailure] = useState<string>();
  const form = useForm<RawValues>({
    defaultValues: initial,
    // A row that was fetched anew shows through; what was changed here stays.
    values: initial,
    resetOptions: { keepDirtyValues: true },
    resolver: (raw) => {
      const { errors } = filledIn(fields, input, raw, isChange ? dirty() : undefined);
      const failed = Object.entries(errors).map(([name, message]) => [
        name,
        { type: 'contract', message },
      ]);
      return failed.length > 0
        ? { values: {}, errors: Object.fromEntries(failed) }
        : { values: raw, errors: {} };
    },
  });
  const { control, formState, handleSubmit, setError } = form;
  const { dirtyFields, isSubmitting } = formState;
  const dirty = () => dirtyFields as Readonly<Record<string, unknown>>;

  const send = async (raw: RawValues) => {
    setFailure(undefined);
    try {
      await onSend(filledIn(fields, input, raw, isChange ? dirty() : undefined).input);
    } catch (error) {
      const told = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
      const placed = told.filter(({ path }) => (path.split('.')[0] ?? '') in fields);
      for (const [index, { path, message }] of placed.entries()) {
        const name = path.split('.')[0] ?? '';
        setError(
          name,
          { type: 'server', message: sentence(message) },
          { shouldFocus: index === 0 },
        );
      }
      setFailure(messageOf(error));
    }
  };

  return (
    <form noValidate onSubmit={handleSubmit(send)} className="space-y-5">
      {failure !== undefined && (
        <p role="alert" className="rounded-lg bg-danger-soft px-4 py-3 text-danger text-sm">
          {failure}
        </p>
      )}
      {Object.entries(fields).map(([name, field]) => (
        <Controller
          key={name}
          name={name}
          control={control}
          render={({ field: { value, onChange, onBlur, ref }, fieldState: { error } }) => {
            const isFlag = field.kind === 'flag';
            const canBeEmpty = isOptional(input.shape[name], isChange);
            return (
              <Labelled
                field={field}
                value={value}
                onChange={onChange}
                onBlur={onBlur}
                inputRef={ref}
                error={error?.message}
                isRequired={!isFlag && !canBeEmpty}
                isOptional={!isFlag && canBeEmpty}
              />
            );
          }}
        />
      ))}
      <div className="flex flex-wrap justify-end gap-2 pt-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" isBusy={isSubmitting}>
          {action}
        </Button>
      </div>
    </form>
  );
}
