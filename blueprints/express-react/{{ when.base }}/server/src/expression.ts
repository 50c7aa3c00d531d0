/**
 * The values of rules: what the SQL of this project computes, computed the same way in TypeScript.
 *
 * Whole numbers stay within ±(2^53 - 1). Decimals are exact and travel as text. Instants are `Date`, dates
 * and times text (`2026-12-31`, `09:30:00`), intervals milliseconds; unset is null. What cannot be computed
 * is VALIDATION_FAILED, as it is when the database refuses it.
 */
import { Failure } from './failure.js';

export type Numeric = number | string;

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const DAY = 86_400_000;
const FIRST_INSTANT = -210_866_803_200_000; // 4714-11-24 BC, where the calendar of PostgreSQL starts
const FIRST_DAY = FIRST_INSTANT / DAY;
const MAX_MONTHS = 99_999;

function refuse(detail: string): never {
  throw new Failure('VALIDATION_FAILED', { detail });
}

/** A value that something else proves to be set. */
export function present<T>(value: T | null): T {
  if (value === null) throw new Failure('INTERNAL');
  return value;
}

/** Equality for two values that the compiler knows to differ. */
export function same(left: unknown, right: unknown): boolean {
  return left === right;
}

export function isOneOf<T>(
  value: T,
  list: readonly T[],
  equal: (left: T, right: T) => boolean = Object.is,
): boolean {
  return list.some((item) => equal(value, item));
}

type Compare<T> = (left: T, right: T) => number;

export function least<T>(compare: Compare<T>, first: T, ...others: T[]): T {
  return others.reduce((best, other) => (compare(other, best) < 0 ? other : best), first);
}

export function greatest<T>(compare: Compare<T>, first: T, ...others: T[]): T {
  return others.reduce((best, other) => (compare(other, best) > 0 ? other : best), first);
}

// Whole numbers

export function checkedInteger(value: Numeric): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : refuse('A number is out of range');
}

export function toInteger(value: number, bits: number): number;
export function toInteger(value: number | null, bits: number): number | null;
export function toInteger(value: number | null, bits: number): number | null {
  if (value === null) return null;
  const limit = 2 ** (bits === 53 ? 53 : bits - 1);
  const lowest = bits === 53 ? -limit + 1 : -limit;
  return value >= lowest && value < limit ? value : refuse('A number is out of range');
}

/** The quotient, rounded down. */
export function floorDivide(left: number, right: number): number {
  if (right === 0) return refuse('Division by zero');
  const rest = left % right;
  const quotient = (left - rest) / right;
  return rest !== 0 && rest < 0 !== right < 0 ? quotient - 1 : quotient + 0;
}

/** What `floorDivide` leaves; it has the sign of the divisor. */
export function floorModulo(left: number, right: number): number {
  if (right === 0) return refuse('Division by zero');
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest + 0;
}

// Decimals: a whole number of units and how many decimals a unit has

interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

function exact(value: Numeric): Exact {
  const [whole = '', fraction = ''] = String(value).split('.');
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function inUnits({ units, scale }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function text({ units, scale }: Exact): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  const written = scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return units < 0n ? `-${written}` : written;
}

/** The quotient as a whole number, half away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) return refuse('Division by zero');
  const negative = numerator < 0n !== denominator < 0n;
  const above = numerator < 0n ? -numerator : numerator;
  const below = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * above + below) / (2n * below);
  return negative ? -quotient : quotient;
}

function withScale(value: Exact, scale: number): Exact {
  const units =
    scale >= value.scale
      ? inUnits(value, scale)
      : rounded(value.units, 10n ** BigInt(value.scale - scale));
  return { units, scale };
}

function aligned(left: Numeric, right: Numeric): [bigint, bigint, number] {
  const [one, two] = [exact(left), exact(right)];
  const scale = Math.max(one.scale, two.scale);
  return [inUnits(one, scale), inUnits(two, scale), scale];
}

export function addDecimal(left: Numeric, right: Numeric): string {
  const [one, two, scale] = aligned(left, right);
  return text({ units: one + two, scale });
}

export function subtractDecimal(left: Numeric, right: Numeric): string {
  const [one, two, scale] = aligned(left, right);
  return text({ units: one - two, scale });
}

export function multiplyDecimal(left: Numeric, right: Numeric): string {
  const [one, two] = [exact(left), exact(right)];
  return text({ units: one.units * two.units, scale: one.scale + two.scale });
}

/** The quotient with a number of decimals, half away from zero. */
export function divideDecimal(left: Numeric, right: Numeric, places: number): string {
  const [one, two] = aligned(left, right);
  return text({ units: rounded(one * 10n ** BigInt(places), two), scale: places });
}

export function roundDecimal(value: Numeric, places: number): string {
  return text(withScale(exact(value), places));
}

export function absDecimal(value: Numeric): string {
  return String(value).replace('-', '');
}

export function compareDecimal(left: Numeric, right: Numeric): number {
  const [one, two] = aligned(left, right);
  return one === two ? 0 : one < two ? -1 : 1;
}

export function equalDecimal(left: Numeric | null, right: Numeric | null): boolean {
  return left === null || right === null ? left === right : compareDecimal(left, right) === 0;
}

/** A number as a decimal, with the digits of its column where these are given. */
export function toDecimal(value: Numeric, precision?: number, scale?: number): string;
export function toDecimal(value: Numeric | null, precision?: number, scale?: number): string | null;
export function toDecimal(value: Numeric | null, precision = 0, scale = 0): string | null {
  if (value === null || precision === 0) return value === null ? null : text(exact(value));
  const result = withScale(exact(value), scale);
  const limit = 10n ** BigInt(precision);
  return result.units > -limit && result.units < limit
    ? text(result)
    : refuse('A number has too many digits');
}

// Money

export function moneyOf(amount: number, currency: string): Money;
export function moneyOf(amount: number | null, currency: string | null): Money | null;
export function moneyOf(amount: number | null, currency: string | null): Money | null {
  return amount === null || currency === null ? null : { amount, currency };
}

export function minorOf(value: Money): number;
export function minorOf(value: Money | null): number | null;
export function minorOf(value: Money | null): number | null {
  return value === null ? null : value.amount;
}

export function currencyOf(value: Money): string;
export function currencyOf(value: Money | null): string | null;
export function currencyOf(value: Money | null): string | null {
  return value === null ? null : value.currency;
}

function sameCurrency(left: Money, right: Money): string {
  if (left.currency === right.currency) return left.currency;
  throw new Failure('CURRENCY_MISMATCH', { left: left.currency, right: right.currency });
}

export function addMoney(left: Money, right: Money): Money {
  const currency = sameCurrency(left, right);
  return { amount: checkedInteger(left.amount + right.amount), currency };
}

export function subtractMoney(left: Money, right: Money): Money {
  const currency = sameCurrency(left, right);
  return { amount: checkedInteger(left.amount - right.amount), currency };
}

/** Money times a number, in whole minor units, half away from zero. */
export function multiplyMoney(value: Money, factor: Numeric): Money {
  const product = exact(multiplyDecimal(value.amount, factor));
  const amount = checkedInteger(text(withScale(product, 0)));
  return { amount, currency: value.currency };
}

export function divideMoney(value: Money, divisor: Numeric): Money {
  const amount = checkedInteger(divideDecimal(value.amount, divisor, 0));
  return { amount, currency: value.currency };
}

export function compareMoney(left: Money, right: Money): number {
  sameCurrency(left, right);
  return left.amount - right.amount;
}

export function equalMoney(left: Money | null, right: Money | null): boolean {
  if (left === null || right === null) return left === right;
  return left.amount === right.amount && left.currency === right.currency;
}

// Text, by code points; upper and lower case are those of ASCII

export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [one, two] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (one !== two) return codeOrder(one) - codeOrder(two);
  }
  return left.length - right.length;
}

/** Halves of surrogate pairs stand for code points above all others. */
function codeOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function lowerText(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function upperText(value: string): string {
  return value.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

export function trimText(value: string): string {
  return value.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}

export function textLength(value: string): number {
  return [...value].length;
}

export function concatTexts(...values: string[]): string {
  return values.join('');
}

export function startsWith(value: string, start: string): boolean {
  return value.startsWith(start);
}

export function containsText(value: string, part: string): boolean {
  return value.includes(part);
}

// Instants and intervals

export function addInterval(instant: Date, interval: number): Date {
  const moved = new Date(instant.getTime() + interval);
  return moved.getTime() >= FIRST_INSTANT ? moved : refuse('A time lies before the calendar');
}

export function intervalBetween(from: Date, to: Date): number {
  return to.getTime() - from.getTime();
}

export function compareInstant(left: Date, right: Date): number {
  return left.getTime() - right.getTime();
}

export function equalInstant(left: Date | null, right: Date | null): boolean {
  return left?.getTime() === right?.getTime();
}

/** An interval as a parameter of a query. */
export function intervalText(interval: number): string;
export function intervalText(interval: number | null): string | null;
export function intervalText(interval: number | null): string | null {
  return interval === null ? null : `${interval} milliseconds`;
}

// Dates: days since 1970, written with a year of at least four digits, and BC where it is before 1

function dayNumber(date: string): number {
  const [, year = '', month = '', day = '', before] =
    /^(\d+)-(\d\d)-(\d\d)( BC)?$/.exec(date) ?? refuse('Not a date');
  const signed = before === undefined ? Number(year) : 1 - Number(year);
  return new Date(0).setUTCFullYear(signed, Number(month) - 1, Number(day)) / DAY;
}

function dateText(days: number): string {
  if (days < FIRST_DAY) return refuse('A date lies before the calendar');
  const date = new Date(days * DAY);
  const year = date.getUTCFullYear();
  const parts = [year > 0 ? year : 1 - year, date.getUTCMonth() + 1, date.getUTCDate()];
  const written = parts.map((part, at) => String(part).padStart(at === 0 ? 4 : 2, '0')).join('-');
  return year > 0 ? written : `${written} BC`;
}

export function compareDate(left: string, right: string): number {
  return dayNumber(left) - dayNumber(right);
}

/** A date moved by an interval, which has to be whole days. */
export function addDays(date: string, interval: number): string {
  const days = interval / DAY;
  return Number.isInteger(days) ? dateText(dayNumber(date) + days) : refuse('Not whole days');
}

export function intervalBetweenDates(from: string, to: string): number {
  return (dayNumber(to) - dayNumber(from)) * DAY;
}

/** A date moved by months; the day is the last of the month where the month is shorter. */
export function addMonths(date: string, months: number): string {
  if (Math.abs(months) > MAX_MONTHS) return refuse('Too many months');
  const start = new Date(dayNumber(date) * DAY);
  const month = start.getUTCFullYear() * 12 + start.getUTCMonth() + months;
  const [year, index] = [Math.floor(month / 12), floorModulo(month, 12)];
  const last = new Date(new Date(0).setUTCFullYear(year, index + 1, 0)).getUTCDate();
  const day = Math.min(start.getUTCDate(), last);
  return dateText(new Date(0).setUTCFullYear(year, index, day) / DAY);
}

export function yearOf(date: string): number {
  const year = new Date(dayNumber(date) * DAY).getUTCFullYear();
  return year > 0 ? year : year - 1;
}

export function monthOf(date: string): number {
  return new Date(dayNumber(date) * DAY).getUTCMonth() + 1;
}

export function dayOf(date: string): number {
  return new Date(dayNumber(date) * DAY).getUTCDate();
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(date: string): number {
  return floorModulo(dayNumber(date) + 3, 7) + 1;
}

// Time zones

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const part = '2-digit';
  try {
    const clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: part,
      day: part,
      hour: part,
      minute: part,
      second: part,
    });
    clocks.set(zone, clock);
    return clock;
  } catch {
    return refuse('No such time zone');
  }
}

/** What the clocks of a zone show, as if it were an instant in UTC. */
function localTime(instant: number, zone: string): number {
  const shown = Object.fromEntries(
    clockOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second, era } = shown;
  const signed = era === 'BC' ? 1 - Number(year) : Number(year);
  const date = new Date(0).setUTCFullYear(signed, Number(month) - 1, Number(day));
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return date + seconds * 1000 + floorModulo(instant, 1000);
}

export function dateOf(instant: Date, zone: string): string {
  return dateText(Math.floor(localTime(instant.getTime(), zone) / DAY));
}

export function timeOf(instant: Date, zone: string): string {
  return new Date(localTime(instant.getTime(), zone)).toISOString().slice(-13, -5);
}

/** The instant at which the clocks of a zone show a date and time: the first of two, or after a gap. */
export function instantOf(date: string, time: string, zone: string): Date {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  const local = dayNumber(date) * DAY + ((hour * 60 + minute) * 60 + second) * 1000;
  const offsetAt = (instant: number) => localTime(instant, zone) - instant;
  // The offsets of the day before and the day after are the only two that can apply.
  const before = local - offsetAt(local - DAY);
  const after = local - offsetAt(local + DAY);
  const first = [before, after]
    .sort((one, two) => one - two)
    .find((instant) => localTime(instant, zone) === local);
  return new Date(first ?? before);
}
