import { useState } from 'react';
import { type Control, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { type Fields, filledIn, type RawValues, rawValuesOf, sentence } from '../form-input.js';
import { codeOf, messageOf, ProblemError } from '../problem.js';

interface AuthFormOptions {
  readonly fields: Fields;
  /** The shape of the contract that both sides check. */
  readonly input: z.ZodObject;
  readonly onSend: (input: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Refusals that are about one field, by their codes. */
  readonly placed?: Readonly<Record<string, string>>;
}

export interface AuthForm {
  readonly fields: Fields;
  readonly input: z.ZodObject;
  readonly control: Control<RawValues>;
  readonly isSending: boolean;
  /** What went wrong with no field in particular. */
  readonly failure: unknown;
  readonly submit: React.SubmitEventHandler;
}

/** A form about an account: checked by the contract here, and by the server again. */
export function useAuthForm({ fields, input, onSend, placed = {} }: AuthFormOptions): AuthForm {
  const [failure, setFailure] = useState<unknown>();
  const { control, formState, handleSubmit, setError } = useForm<RawValues>({
    defaultValues: rawValuesOf(fields, input),
    resolver: (raw) => {
      const errors = Object.entries(filledIn(fields, input, raw).errors).map(
        ([name, message]) => [name, { type: 'contract', message }] as const,
      );
      return errors.length > 0
        ? { values: {}, errors: Object.fromEntries(errors) }
        : { values: raw, errors: {} };
    },
  });
  const send = async (raw: RawValues) => {
    setFailure(undefined);
    try {
      await onSend(filledIn(fields, input, raw).input);
    } catch (error) {
      const refused = refusalsOf(error, placed).filter(([name]) => name in fields);
      for (const [index, [name, message]] of refused.entries()) {
        setError(name, { type: 'server', message }, { shouldFocus: index === 0 });
      }
      setFailure(refused.length === 0 ? error : undefined);
    }
  };
  return {
    fields,
    input,
    control,
    isSending: formState.isSubmitting,
    failure,
    submit: (event) => void handleSubmit(send)(event),
  };
}

/** What the server says about fields, as pairs of field and message. */
function refusalsOf(
  error: unknown,
  placed: Readonly<Record<string, string>>,
): (readonly [string, string])[] {
  const field = placed[codeOf(error) ?? ''];
  if (field !== undefined) {
    return [[field, messageOf(error)]];
  }
  const told = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return told.map(({ path, message }) => [path.split('.')[0] ?? '', sentence(message)]);
}
