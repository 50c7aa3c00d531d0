import { z } from 'zod';
import { fromForm, type Raw, toForm } from './codecs.js';
import type { Field } from './field.js';
import type { Row } from './resource.js';

export type Fields = Readonly<Record<string, Field>>;
export type RawValues = Record<string, Raw>;

export interface Filled {
  readonly input: Record<string, unknown>;
  /** What is wrong, by field; messages about no field of the form are under ''. */
  readonly errors: Readonly<Record<string, string>>;
}

const MISSING = 'Fill this in';

/** The fields of a form: those of the resource that the input of the operation has. */
export function fieldsOf(fields: Fields, input: z.ZodObject): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in input.shape));
}

/** What the controls show at first: the row, or what the contract fills in by itself. */
export function rawValuesOf(fields: Fields, input: z.ZodObject, row: Row = {}): RawValues {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const member = input.shape[name];
      const value =
        row[name] ?? (member instanceof z.ZodDefault ? member.def.defaultValue : undefined);
      return [name, toForm(field, value)];
    }),
  );
}

/** Whether a field can be left empty; in a change, whether it can be emptied. */
export function isOptional(member: z.core.$ZodType | undefined, isChange = false): boolean {
  const isFilledLater = !isChange && member instanceof z.ZodOptional;
  return isFilledLater || nothingOf(member) !== undefined;
}

/** What stands for nothing: null where a value may be unset, an empty list where one may be empty. */
function nothingOf(member: z.core.$ZodType | undefined): null | [] | undefined {
  const { inner, takesNothing } = unwrapped(member);
  const takesEmpty = inner instanceof z.ZodArray && inner.safeParse([]).success;
  return takesNothing ? null : takesEmpty ? [] : undefined;
}

function unwrapped(member: z.core.$ZodType | undefined): {
  inner: z.core.$ZodType | undefined;
  takesNothing: boolean;
} {
  if (member instanceof z.ZodNullable) {
    return { inner: member, takesNothing: true };
  }
  if (member instanceof z.ZodDefault || member instanceof z.ZodOptional) {
    return unwrapped(member.unwrap());
  }
  return { inner: member, takesNothing: false };
}

/**
 * The input of an operation as it was filled in, checked by the shapes of the contract.
 * Of a change only what was changed is sent; what was emptied is unset.
 */
export function filledIn(
  fields: Fields,
  schema: z.ZodObject,
  raw: RawValues,
  changed?: Readonly<Record<string, unknown>>,
): Filled {
  const input: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (changed !== undefined && !(name in changed)) {
      continue;
    }
    try {
      const value = fromForm(field, raw[name] ?? '');
      const given = value ?? nothingOf(schema.shape[name]);
      if (given !== undefined) {
        input[name] = given;
      } else if (changed !== undefined || !schema.shape[name]?.safeParse(undefined).success) {
        errors[name] = MISSING;
      }
    } catch {
      errors[name] = 'This cannot be read';
    }
  }
  const shape = z.strictObject(
    Object.fromEntries(Object.keys(input).map((name) => [name, schema.shape[name] ?? z.unknown()])),
  );
  for (const { path, message } of shape.safeParse(input).error?.issues ?? []) {
    const name = String(path[0] ?? '');
    errors[name] ??= sentence(message);
  }
  return { input, errors };
}

/** A message of the contract as a sentence of its own: `must be a UUID` as `Must be a UUID`. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
