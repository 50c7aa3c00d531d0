import type { Field, Kind } from './field.js';

/** What a control of a form holds. */
export type Raw = string | boolean | readonly string[] | RawMoney;

export interface RawMoney {
  readonly amount: string;
  readonly currency: string;
}

interface Codec {
  /** What the control shows for a value of the API. */
  readonly toForm: (value: unknown, field: Field) => Raw;
  /** The value that was filled in: undefined for nothing, as it is where it cannot be read. */
  readonly fromForm: (raw: never, field: Field) => unknown;
}

const asText: Codec = {
  toForm: (value) => (value === null || value === undefined ? '' : String(value)),
  fromForm: (raw: string) => (raw === '' ? undefined : raw),
};

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

const codecs: Readonly<Record<Kind, Codec>> = {
  text: asText,
  multiline: asText,
  email: asText,
  url: asText,
  id: asText,
  decimal: asText,
  date: asText,
  choice: asText,
  reference: {
    ...asText,
    fromForm: (raw: string, field) => (raw === '' ? undefined : fromForm(itemOf(field), raw)),
  },
  integer: {
    ...asText,
    fromForm: (raw: string) => {
      const text = raw.trim();
      return text === '' ? undefined : /^-?\d+$/.test(text) ? Number(text) : text;
    },
  },
  money: {
    toForm: (value, field) => {
      const { amount, currency } = (value ?? {}) as { amount?: number; currency?: string };
      const code = currency ?? field.currency ?? '';
      return { currency: code, amount: amount === undefined ? '' : major(amount, code) };
    },
    fromForm: ({ amount, currency }: RawMoney) =>
      amount.trim() === '' ? undefined : { amount: minor(amount.trim(), currency), currency },
  },
  flag: { toForm: (value) => value === true, fromForm: (raw: boolean) => raw },
  optionalFlag: {
    ...asText,
    fromForm: (raw: string) => (raw === '' ? undefined : raw === 'true'),
  },
  time: {
    ...asText,
    fromForm: (raw: string) => (raw === '' ? undefined : raw.length === 5 ? `${raw}:00` : raw),
  },
  instant: {
    toForm: (value) => (typeof value === 'string' ? localMoment(new Date(value)) : ''),
    fromForm: (raw: string) => (raw === '' ? undefined : new Date(raw).toISOString()),
  },
  duration: {
    toForm: (value) => (typeof value === 'number' ? durationText(value) : ''),
    fromForm: (raw: string) => (raw.trim() === '' ? undefined : duration(raw)),
  },
  references: {
    toForm: (value) => (Array.isArray(value) ? value.map(String) : []),
    fromForm: (raw: readonly string[], field) => raw.map((key) => fromForm(itemOf(field), key)),
  },
  list: {
    toForm: (value, field) =>
      Array.isArray(value) ? value.map((item) => toForm(itemOf(field), item)).join('\n') : '',
    fromForm: (raw: string, field) =>
      raw.trim() === '' ? undefined : raw.split('\n').map((line) => fromForm(itemOf(field), line)),
  },
  json: {
    toForm: (value) =>
      value === null || value === undefined ? '' : JSON.stringify(value, null, 2),
    fromForm: (raw: string) => (raw.trim() === '' ? undefined : JSON.parse(raw)),
  },
  rows: { toForm: () => '', fromForm: () => undefined },
};

export function toForm(field: Field, value: unknown): Raw {
  return codecs[field.kind].toForm(value, field);
}

/** Throws where the text is none of its kind: no moment, no duration, no JSON. */
export function fromForm(field: Field, raw: Raw): unknown {
  return codecs[field.kind].fromForm(raw as never, field);
}

function itemOf(field: Field): Field {
  return field.of ?? { kind: 'text', title: '' };
}

/** How many digits the minor unit of a currency has. */
export function digitsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

function major(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const sign = amount < 0 ? '-' : '';
  return digits === 0
    ? `${sign}${text}`
    : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function minor(amount: string, currency: string): unknown {
  const digits = digitsOf(currency);
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d+)(?:[.,](\d+))?$/.exec(amount) ?? [];
  return whole === undefined || fraction.length > digits
    ? amount
    : Number(`${sign}${whole}${fraction.padEnd(digits, '0')}`);
}

/** A moment as a control for local date and time has it. */
function localMoment(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, local.slice(17, 19) === '00' ? 16 : 19);
}

/** Milliseconds as `1d 2h 30m`. */
export function durationText(milliseconds: number): string {
  let rest = Math.abs(milliseconds);
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(UNITS)) {
    if (rest >= size) {
      parts.push(`${Math.floor(rest / size)}${unit}`);
      rest %= size;
    }
  }
  if (rest > 0 || parts.length === 0) {
    parts.push(`${rest}ms`);
  }
  return `${milliseconds < 0 ? '-' : ''}${parts.join(' ')}`;
}

function duration(text: string): number | string {
  const parts = [...text.trim().matchAll(/(\d+)\s*(ms|d|h|m|s)/g)];
  const isWhole =
    text
      .replace(/(\d+)\s*(ms|d|h|m|s)/g, '')
      .replace(/^\s*-/, '')
      .trim() === '';
  if (parts.length === 0 || !isWhole) {
    return text;
  }
  const size = (unit: string) => UNITS[unit as keyof typeof UNITS] ?? 1;
  const total = parts.reduce((sum, [, count, unit = 's']) => sum + Number(count) * size(unit), 0);
  return text.trim().startsWith('-') ? -total : total;
}
