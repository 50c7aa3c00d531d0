import { type Bounds, decimal } from '@app/contract/fields';
import { z } from 'zod';

/** Readers of environment variables: each takes the text of a variable and gives a typed value. */

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export function whole({
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
} = {}): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^-?[0-9]+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

/** An exact number, which stays text. */
export function decimalNumber(
  options: Bounds & { readonly precision: number; readonly scale: number },
): z.ZodType<string, string> {
  const { precision, scale, ...bounds } = options;
  return decimal(precision, scale, bounds);
}

export function flag(): z.ZodType<boolean, string> {
  return z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
}

/** A length of time like `15m` or `1h30m`, in milliseconds. */
export function duration({
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
} = {}): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^(?:[0-9]+(?:ms|s|m|h|d))+$/, 'must be a length of time like 15m')
    .transform((value) =>
      [...value.matchAll(/([0-9]+)(ms|s|m|h|d)/g)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
        0,
      ),
    )
    .pipe(z.int().min(min, `must be at least ${min}ms`).max(max, `must be at most ${max}ms`));
}

export function listOf<Item>(item: z.ZodType<Item, string>): z.ZodType<Item[], string> {
  return z
    .string()
    .transform((value) => (value === '' ? [] : value.split(',').map((part) => part.trim())))
    .pipe(z.array(item));
}

/** Text that must be given outside tests and development, and never be logged. */
export function secret({ min = 16 } = {}): z.ZodType<string, string> {
  return z
    .string()
    .min(min, `must have at least ${min} characters`)
    .refine((value) => !/change.?me|placeholder|example/i.test(value), 'is a placeholder');
}

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads all variables at once, so that one failed start names everything that is wrong. */
export function readEnvironment<Shape extends z.ZodRawShape>(
  variables: z.ZodObject<Shape>,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = variables.safeParse(given);
  if (result.success) {
    return result.data;
  }
  const lines = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return name in given ? `  ${name} ${issue.message}` : `  ${name} is missing`;
  });
  throw new ConfigurationError(`The environment is not complete:\n${lines.join('\n')}`);
}
