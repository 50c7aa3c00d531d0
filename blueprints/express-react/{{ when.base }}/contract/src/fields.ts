import { z } from 'zod';

/**
 * Every builder here says in JSON Schema exactly what it accepts, so that the OpenAPI document,
 * the server and a web form cannot disagree.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL cannot store NUL
const TEXT = /^[^\u0000]*$/u;
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const ZONE = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/;
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]';
const MONTH_AND_DAY =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const YEAR = '(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
const LEAP_YEAR =
  '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const DATE = `(?:${YEAR}-${MONTH_AND_DAY}|${LEAP_YEAR}-02-29)`;
const DATE_OF_MOMENT =
  `(?:[1-8][0-9]{3}-${MONTH_AND_DAY}|` +
  '(?:[1-8][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[1357][26])00)-02-29)';
const INT4 = 2_147_483_647;
const THOUSAND_YEARS = 31_556_995_200_000;

/** Case and outer spaces are changed before anything is checked. */
export type Normalize = 'lower' | 'upper' | 'trim' | 'lower_trim';

/** A kind of characters of which one at least must be there. */
type Need = 'lower' | 'upper' | 'digit' | 'symbol';

const NEEDS: Readonly<Record<Need, readonly [RegExp, string]>> = {
  lower: [/[a-z]/, 'a small letter'],
  upper: [/[A-Z]/, 'a capital letter'],
  digit: [/[0-9]/, 'a digit'],
  symbol: [/[^A-Za-z0-9]/, 'a character that is neither a letter nor a digit'],
};

interface TextRules {
  readonly min?: number;
  readonly max?: number;
  readonly maxBytes?: number;
  readonly needs?: readonly Need[];
  readonly pattern?: RegExp;
  readonly normalize?: Normalize;
}

function normalized(rule: Normalize | undefined): z.ZodString {
  switch (rule) {
    case 'lower':
      return z.string().toLowerCase();
    case 'upper':
      return z.string().toUpperCase();
    case 'trim':
      return z.string().trim();
    case 'lower_trim':
      return z.string().trim().toLowerCase();
    default:
      return z.string();
  }
}

/** Text without NUL. Lengths count code points, as PostgreSQL and JSON Schema do. */
export function text(rules: TextRules = {}): z.ZodString {
  const { min = 0, maxBytes = Number.POSITIVE_INFINITY } = rules;
  const max = Math.min(rules.max ?? maxBytes, maxBytes);
  let schema = normalized(rules.normalize).regex(TEXT, 'must not contain NUL');
  if (rules.pattern !== undefined) {
    schema = schema.regex(rules.pattern, `must match ${rules.pattern.source}`);
  }
  for (const need of rules.needs ?? []) {
    const [pattern, called] = NEEDS[need];
    schema = schema.regex(pattern, `must have ${called}`);
  }
  if (rules.min !== undefined) {
    schema = schema
      .refine((value) => [...value].length >= min, `must have at least ${min} characters`)
      .meta({ minLength: min });
  }
  if (Number.isFinite(max)) {
    schema = schema
      .refine(
        (value) => value.length <= max || [...value].length <= max,
        `must have at most ${max} characters`,
      )
      .meta({ ...schema.meta(), maxLength: max });
  }
  if (rules.maxBytes !== undefined) {
    schema = schema.refine(
      (value) => new TextEncoder().encode(value).length <= maxBytes,
      `must have at most ${maxBytes} bytes`,
    );
  }
  return schema;
}

/** An address as browsers check it; the pattern says it, since `format: email` means less. */
export function email(rules: TextRules = {}): z.ZodString {
  return text({ ...rules, pattern: EMAIL });
}

/** A time zone by its IANA name, `Europe/Berlin`. */
export function timezone(rules: TextRules = {}): z.ZodString {
  const schema = text({ ...rules, pattern: ZONE });
  return schema
    .refine(isTimeZone, 'must be a time zone like Europe/Berlin')
    .meta({ ...schema.meta(), examples: ['Europe/Berlin'] });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function uuid(): z.ZodString {
  return z.string().regex(UUID, 'must be a UUID').meta({ format: 'uuid' });
}

/** Bounds of what is carried as text: JSON Schema has no words for them. */
export interface Bounds {
  readonly min?: string;
  readonly max?: string;
}

function bounded(
  schema: z.ZodString,
  { min, max }: Bounds,
  orderOf: (value: string) => bigint | number | string = (value) => value,
): z.ZodString {
  const limits = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ].join(' and ');
  if (limits === '') {
    return schema;
  }
  const isBetween = (value: string) =>
    (min === undefined || orderOf(value) >= orderOf(min)) &&
    (max === undefined || orderOf(value) <= orderOf(max));
  return schema
    .refine(isBetween, `must be ${limits}`)
    .meta({ ...schema.meta(), description: limits, examples: [min ?? max] });
}

/** A calendar day, `2026-02-28`. */
export function date(bounds: Bounds = {}): z.ZodString {
  const schema = z.string().regex(new RegExp(`^${DATE}$`), 'must be a date like 2026-02-28');
  return bounded(schema.meta({ format: 'date' }), bounds);
}

/** A time of day without a zone, `09:30:00`. */
export function time(bounds: Bounds = {}): z.ZodString {
  const schema = z.string().regex(new RegExp(`^${TIME}$`), 'must be a time like 09:30:00');
  return bounded(schema, bounds);
}

/**
 * A moment, `2026-02-28T09:30:00.000Z`, with any offset that is in use. The years leave room for an
 * offset to move the moment into the next one without a fifth digit.
 */
export function instant(bounds: Bounds = {}): z.ZodString {
  const offset = '(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])';
  const schema = z
    .string()
    .regex(
      new RegExp(`^${DATE_OF_MOMENT}T${TIME}(?:\\.[0-9]{1,9})?${offset}$`),
      'must be a moment like 2026-02-28T09:30:00Z',
    );
  return bounded(schema.meta({ format: 'date-time' }), bounds, Date.parse);
}

export function integer({ min = -INT4 - 1, max = INT4 } = {}): z.ZodInt {
  return z.int().min(min).max(max);
}

/** A whole number as far as JSON can carry it exactly. */
export function bigInteger({
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
} = {}): z.ZodInt {
  return z.int().min(min).max(max);
}

/** An exact number, carried as text: `"2.50"`. */
export function decimal(precision: number, scale: number, bounds: Bounds = {}): z.ZodString {
  const whole = precision - scale;
  const integral = whole > 1 ? `(?:0|[1-9][0-9]{0,${whole - 1}})` : whole === 1 ? '[0-9]' : '0';
  const fraction = scale > 0 ? `(?:\\.[0-9]{1,${scale}})?` : '';
  const error = `must be a number with at most ${whole} digits before and ${scale} after the point`;
  const schema = z.string().regex(new RegExp(`^-?${integral}${fraction}$`), { error, abort: true });
  return bounded(schema, bounds, (value) => scaled(value, scale));
}

/** A decimal number as a whole one, in units of its last place. */
function scaled(value: string, scale: number): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** An amount in minor units of its currency: any, or the one that is given. */
export function money(code?: string): z.ZodObject<{ amount: z.ZodInt; currency: z.ZodString }> {
  const currency =
    code === undefined
      ? z.string().regex(/^[A-Z]{3}$/, 'must be a currency like EUR')
      : z.string().regex(new RegExp(`^${code}$`), `must be ${code}`);
  return z.strictObject({
    amount: bigInteger(),
    currency: currency.meta({ examples: [code ?? 'EUR'] }),
  });
}

/** Any JSON, but not nested so deep that nobody could write it down again. */
export function json(): z.ZodUnknown {
  return z.unknown().refine((value) => isWithin(value, 100), 'must not have over 100 levels');
}

function isWithin(value: unknown, levels: number): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1)))
  );
}

/** A length of time in milliseconds, a thousand years at most. */
export function interval({ min = -THOUSAND_YEARS, max = THOUSAND_YEARS } = {}): z.ZodInt {
  return z.int().min(min).max(max);
}

/** `sort=-priority,createdAt`: the first name counts most, `-` turns the order around. */
export function sortOf(names: readonly string[]): z.ZodString {
  const name = `-?(?:${names.join('|')})`;
  return z
    .string()
    .regex(new RegExp(`^${name}(?:,${name})*$`), `must be a list of: ${names.join(', ')}`);
}

type Changed<Shape extends z.ZodRawShape> = {
  -readonly [Key in keyof Shape]: z.ZodOptional<
    Shape[Key] extends z.ZodDefault<infer Inner>
      ? Inner
      : Shape[Key] extends z.ZodOptional<infer Inner>
        ? Inner
        : Shape[Key]
  >;
};

/** The members of a shape, none required and none filled in: what PATCH takes. */
export function changesOf<
  Shape extends z.ZodRawShape,
  Omitted extends keyof Shape & string = never,
  Added extends z.ZodRawShape = Record<never, never>,
>(options: {
  readonly id: string;
  readonly of: z.ZodObject<Shape, z.core.$strict>;
  /** Members that cannot change. */
  readonly omit?: { readonly [Name in Omitted]: true };
  /** Members that a change must bring. */
  readonly add?: Added;
}): z.ZodObject<Changed<Omit<Shape, Omitted>> & Added, z.core.$strict> {
  const omitted = Object.keys(options.omit ?? {});
  const members = Object.entries(options.of.shape)
    .filter(([name]) => !omitted.includes(name))
    .map(([name, member]) => {
      const isFilled = member instanceof z.ZodDefault || member instanceof z.ZodOptional;
      return [name, z.optional(isFilled ? member.unwrap() : member)];
    });
  const shape = { ...Object.fromEntries(members), ...options.add };
  // TypeScript loses the names of members that pass through entries.
  return z.strictObject(shape).meta({ id: options.id }) as unknown as z.ZodObject<
    Changed<Omit<Shape, Omitted>> & Added,
    z.core.$strict
  >;
}

/** One page of a list and how much there is in all. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
  id: string,
): z.ZodObject<{ items: z.ZodArray<Item>; total: z.ZodInt }> {
  return z.object({ items: z.array(item), total: z.int().min(0) }).meta({ id });
}
