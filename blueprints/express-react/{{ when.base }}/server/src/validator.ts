import type { Request } from 'express';
import { z } from 'zod';
import { Failure, type MemberError } from './failure.js';

export interface RequestParts {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
}

/** Turns a request into the input of an operation. */
export interface Validator<Input> extends RequestParts {
  readonly parse: (request: Request) => Input;
}

type Output<Part> = Part extends z.ZodObject ? z.output<Part> : unknown;
type InputOf<Parts extends RequestParts> = Output<Parts['params']> &
  Output<Parts['query']> &
  Output<Parts['body']>;

/** Path, query and body are checked together, so that one answer names all that is wrong. */
export function defineValidator<const Parts extends RequestParts>(
  parts: Parts,
): Parts & Validator<InputOf<Parts>> {
  return {
    ...parts,
    parse(request) {
      const errors: MemberError[] = [];
      const input = {
        ...check(parts.params, parts.params && fromText(parts.params, request.params), errors),
        ...check(parts.query, parts.query && fromText(parts.query, request.query), errors),
        ...check(parts.body, request.body ?? {}, errors),
      };
      if (errors.length > 0) {
        throw new Failure('VALIDATION_FAILED', {}, { errors });
      }
      return input as InputOf<Parts>;
    },
  };
}

function check(
  schema: z.ZodObject | undefined,
  value: unknown,
  errors: MemberError[],
): object | undefined {
  const result = schema?.safeParse(value);
  if (result?.success === false) {
    for (const issue of result.error.issues) {
      const paths = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')];
      errors.push(...paths.map((path) => ({ path, message: issue.message })));
    }
  }
  return result?.data;
}

/** Paths and queries are text: numbers and booleans in it become values, all else stays. */
function fromText(schema: z.ZodObject, values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fromTextOf(schema.shape[name], value)]),
  );
}

function fromTextOf(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  ) {
    return fromTextOf(schema.unwrap(), value);
  }
  if (schema instanceof z.ZodArray) {
    return [value].flat().map((item) => fromTextOf(schema.element, item));
  }
  if (schema instanceof z.ZodNumber && typeof value === 'string') {
    return /^-?(?:0|[1-9][0-9]*)$/.test(value) ? Number(value) : value;
  }
  if (schema instanceof z.ZodBoolean) {
    return value === 'true' ? true : value === 'false' ? false : value;
  }
  return value;
}
