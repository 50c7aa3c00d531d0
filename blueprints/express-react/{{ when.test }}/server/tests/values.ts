import fc from 'fast-check';

/** What the plan says about the values of a member: some that are valid, and some that are refused. */
export interface Values {
  /** The nth valid value; it differs from the one before and, where values have an order, follows it. */
  readonly nth: (n: number) => unknown;
  readonly any: fc.Arbitrary<unknown>;
  /** Values that are not valid, by what is wrong with them. */
  readonly refused: Readonly<Record<string, unknown>>;
  /** A value as it is kept, where that is another than the one that was given. */
  readonly kept?: (given: unknown) => unknown;
  /** Values that PostgreSQL takes as a Date. */
  readonly isInstant?: true;
  /** The subject that the value is the id of. */
  readonly parent?: string;
  readonly deleting?: Deleting;
  /** The subject that the value lists the ids of. */
  readonly others?: string;
}

/** What becomes of a row when the one that it refers to is deleted. */

export type Deleting = 'cascade' | 'set null' | 'restrict';

interface TextRules {
  readonly min?: number;
  readonly max?: number;
  readonly maxBytes?: number;
  readonly needs?: readonly (keyof typeof NEEDED)[];
  readonly pattern?: RegExp;
  readonly normalize?: 'lower' | 'upper' | 'trim' | 'lower_trim';
}

const NORMALIZED = {
  lower: (value: string) => value.toLowerCase(),
  upper: (value: string) => value.toUpperCase(),
  trim: (value: string) => value.trim(),
  lower_trim: (value: string) => value.trim().toLowerCase(),
} as const;

/** A character of each kind, and a text without any of the kind. */
const NEEDED = {
  lower: ['a', 'A1!A1!A1!A1!'],
  upper: ['A', 'a1!a1!a1!a1!'],
  digit: ['1', 'aA!aA!aA!aA!'],
  symbol: ['!', 'aA1aA1aA1aA1'],
} as const;

export function text(label: string, rules: TextRules = {}): Values {
  const { min = 0, maxBytes = Number.POSITIVE_INFINITY, needs = [], pattern, normalize } = rules;
  const max = Number.isFinite(maxBytes) ? Math.min(rules.max ?? maxBytes, maxBytes) : rules.max;
  const ending = needs.map((need) => NEEDED[need][0]).join('');
  const complete = (value: string) =>
    value.slice(0, max === undefined ? undefined : max - ending.length) + ending;
  const isValid = (value: string) =>
    [...value].length >= min &&
    [...value].length <= (max ?? Number.POSITIVE_INFINITY) &&
    new TextEncoder().encode(value).length <= maxBytes &&
    (pattern?.test(value) ?? true);
  const normalized = normalize === undefined ? (value: string) => value : NORMALIZED[normalize];
  const candidates =
    pattern === undefined
      ? fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max ?? 60, min + 60) })
      : fc.stringMatching(pattern);
  return {
    nth: (n) =>
      pattern === undefined
        ? complete(plain(label, n, { ...rules, ...(max === undefined ? {} : { max }) }))
        : matching(pattern, n, rules),
    any: disturbed(ending === '' ? candidates : candidates.map(complete), normalize).filter(
      (value) => !value.includes('\0') && isValid(normalized(value)),
    ),
    refused: {
      'a number': 7,
      NUL: 'a\0b',
      ...(min === 0 ? {} : { 'too short': 'x'.repeat(min - 1) }),
      ...(max === undefined ? {} : { 'too long': 'x'.repeat(max + 1) }),
      ...(Number.isFinite(maxBytes) ? { 'too many bytes': 'ä'.repeat(maxBytes) } : {}),
      ...Object.fromEntries(needs.map((need) => [`no ${need}`, NEEDED[need][1]])),
      ...(pattern === undefined ? {} : strange(pattern)),
    },
    ...(normalize === undefined ? {} : { kept: (given) => normalized(String(given)) }),
  };
}

export function email(label: string, rules: TextRules = {}): Values {
  const { max = 255, normalize } = rules;
  const normalized = normalize === undefined ? (value: string) => value : NORMALIZED[normalize];
  return {
    nth: (n) => plain('', n, { max: max - 12, min: 3 }).concat('@example.com'),
    any: disturbed(
      fc.emailAddress().filter((value) => value.length <= max && !/[|']/.test(value)),
      normalize,
    ),
    refused: { 'a number': 7, 'no address': `${label} at example`, empty: '' },
    ...(normalize === undefined ? {} : { kept: (given) => normalized(String(given)) }),
  };
}

export function slug(label: string, rules: TextRules = {}): Values {
  const start = label.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return {
    ...text(label, { ...rules, pattern: /^[a-z0-9]+(?:-[a-z0-9]+)*$/ }),
    nth: (n) => `${start}-${String(n).padStart(3, '0')}`.slice(-(rules.max ?? 100)),
  };
}

export function integer({ min = -(2 ** 31), max = 2 ** 31 - 1, bits = 32 } = {}): Values {
  const first = Math.max(min, Math.min(1, max));
  const size = max - first + 1;
  const beyond = bits === 53 ? 1e300 : max + 1;
  return {
    nth: (n) => first + ((n - 1) % size),
    any: fc.integer({ min, max }),
    refused: {
      'a text': 'many',
      'a fraction': first + 0.5,
      'too small': bits === 53 && min === Number.MIN_SAFE_INTEGER ? -1e300 : min - 1,
      'too large': max === Number.MAX_SAFE_INTEGER ? beyond : max + 1,
    },
  };
}

interface Bounds {
  readonly min?: string;
  readonly max?: string;
}

export function decimal(precision: number, scale: number, rules: Bounds = {}): Values {
  const unit = 10n ** BigInt(scale);
  const limit = 10n ** BigInt(precision) - 1n;
  const least = rules.min === undefined ? -limit : scaled(rules.min, scale);
  const most = rules.max === undefined ? limit : scaled(rules.max, scale);
  const first = least > unit ? least : unit < most ? unit : most;
  const written = (value: bigint) => decimalText(value, scale);
  return {
    nth: (n) => written(first + BigInt(n - 1) <= most ? first + BigInt(n - 1) : first),
    any: fc.bigInt({ min: least, max: most }).map(written),
    refused: {
      'a number': 1.5,
      'no number': 'many',
      'too many digits': `1${'0'.repeat(precision - scale)}`,
      'too fine': `0.${'1'.repeat(scale + 1)}`,
      ...(rules.min === undefined ? {} : { 'too small': written(least - 1n) }),
      ...(rules.max === undefined ? {} : { 'too large': written(most + 1n) }),
    },
    kept: (given) => written(scaled(String(given), scale)),
  };
}

export function flag(): Values {
  return {
    nth: (n) => n % 2 === 0,
    any: fc.boolean(),
    refused: { 'a text': 'true', 'a number': 1 },
  };
}

export function oneOf(members: readonly string[]): Values {
  return {
    nth: (n) => members[(n - 1) % members.length],
    any: fc.constantFrom(...members),
    refused: { 'no member': 'nothing of this', 'a number': 7 },
  };
}

export function uuid(): Values {
  return {
    nth: (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    any: fc.uuid(),
    refused: { 'no UUID': '123', 'a number': 7 },
    kept: (given) => String(given).toLowerCase(),
  };
}

const DAY = 86_400_000;
const NEW_YEAR = Date.UTC(2026, 0, 1);
const YEARS = {
  min: new Date('1900-01-01T00:00:00.000Z'),
  max: new Date('2200-01-01T00:00:00.000Z'),
  noInvalidDate: true,
};

/** Moments between bounds, a day apart; `written` says how one is told. */
function moments(
  { min, max }: Bounds,
  step: number,
  written: (moment: Date) => string,
): Pick<Values, 'nth' | 'any' | 'refused'> {
  const least = min === undefined ? YEARS.min : new Date(min);
  const most = max === undefined ? YEARS.max : new Date(max);
  const first = Math.min(Math.max(NEW_YEAR, least.getTime()), most.getTime());
  return {
    nth: (n) => written(new Date(Math.min(first + (n - 1) * DAY, most.getTime()))),
    any: fc.date({ min: least, max: most, noInvalidDate: true }).map(written),
    refused: {
      ...(min === undefined ? {} : { 'too early': written(new Date(least.getTime() - step)) }),
      ...(max === undefined ? {} : { 'too late': written(new Date(most.getTime() + step)) }),
    },
  };
}

export function date(bounds: Bounds = {}): Values {
  const days = moments(bounds, DAY, dayOf);
  const wrong = { 'no such day': '2026-02-30', 'a moment': '2026-01-01T00:00:00Z', 'a number': 7 };
  return { ...days, refused: { ...wrong, ...days.refused } };
}

export function instant(bounds: Bounds = {}): Values {
  const instants = moments(bounds, 1, (moment) => moment.toISOString());
  const wrong = { 'no zone': '2026-01-01T00:00:00', 'a day': '2026-01-01', 'a number': 7 };
  return {
    ...instants,
    refused: { ...wrong, ...instants.refused },
    kept: (given) => new Date(String(given)).toISOString(),
    isInstant: true,
  };
}

export function time({ min = '00:00:00', max = '23:59:59' }: Bounds = {}): Values {
  const secondsOf = (text: string) => Date.parse(`1970-01-01T${text}Z`) / 1000;
  const written = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19);
  const [least, most] = [secondsOf(min), secondsOf(max)];
  const first = Math.min(Math.max(8 * 3600, least), most);
  return {
    nth: (n) => written(Math.min(first + n * 60, most)),
    any: fc.integer({ min: least, max: most }).map(written),
    refused: {
      'no such hour': '24:00:00',
      'no seconds': '09:30',
      'a number': 7,
      ...(least === 0 ? {} : { 'too early': written(least - 1) }),
      ...(most === 86_399 ? {} : { 'too late': written(most + 1) }),
    },
  };
}

/** Amounts in a currency; others are refused where the plan fixes it. */
export function money(currency: string, isFixed = false): Values {
  const of = (amount: number) => ({ amount, currency });
  return {
    nth: of,
    any: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map(of),
    refused: {
      'a number': 7,
      'no currency': { amount: 1 },
      'a fraction': { amount: 0.5, currency },
      ...(isFixed ? { 'another currency': { amount: 1, currency: 'XXX' } } : {}),
    },
  };
}

export function json(): Values {
  return {
    nth: (n) => ({ number: n }),
    any: fc.jsonValue({ maxDepth: 2 }).filter((value) => isStorable(value)),
    refused: {},
  };
}

/** The key of a row of another subject: its id, unless it has a key of its own. */
export function reference(
  parent: string,
  deleting: Deleting = 'restrict',
  key: Values = uuid(),
): Values {
  return { ...key, parent, deleting };
}

/** The ids of rows of another subject. */
export function references(others: string): Values {
  return {
    nth: () => [],
    any: fc.constant([]),
    refused: { 'no list': 'x', 'no UUID': ['123'] },
    others,
  };
}

/** Texts as people write them, where they are put in order before they are kept. */
function disturbed(
  texts: fc.Arbitrary<string>,
  rule: TextRules['normalize'],
): fc.Arbitrary<string> {
  const disturb = (value: string) => {
    const padded = rule?.endsWith('trim') === true ? ` ${value} ` : value;
    return rule?.startsWith('lower') === true ? padded.toUpperCase() : padded.toLowerCase();
  };
  return rule === undefined
    ? texts
    : fc.tuple(texts, fc.boolean()).map(([value, isOdd]) => (isOdd ? disturb(value) : value));
}

function plain(label: string, n: number, { min = 0, max = 1000 }: TextRules): string {
  const number = String(n).padStart(3, '0');
  const whole = label === '' ? `a${number}` : `${label} ${number}`;
  const short = whole.length <= max ? whole : n.toString(36).padStart(max, '0').slice(-max);
  return short.padStart(min, 'x');
}

function matching(pattern: RegExp, n: number, { min = 0, max = 1000 }: TextRules): string {
  const fits = fc
    .stringMatching(pattern)
    .filter((value) => value.length >= min && value.length <= max);
  // The longest of some, since short texts come twice.
  const found = fc.sample(fits, { seed: n * 7919, numRuns: 10 });
  return found.reduce((one, two) => (two.length > one.length ? two : one));
}

function strange(pattern: RegExp): Record<string, string> {
  const found = ['~ no ~', '', '-', 'aB3$', '0'].find((value) => !pattern.test(value));
  return found === undefined ? {} : { 'of another form': found };
}

function scaled(value: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const digits = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
  return value.startsWith('-') ? -digits : digits;
}

function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** PostgreSQL keeps numbers of JSON exactly, but neither NUL nor minus zero. */
function isStorable(value: unknown): boolean {
  return !/\\u0000|-0[,\]}]|^-0$|e[+-]/.test(JSON.stringify(value)) && value !== null;
}
