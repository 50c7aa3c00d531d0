import { describe, expect, it } from 'vitest';
import * as values from '../src/expression.js';

const failure = (code: string) => expect.objectContaining({ code });

describe('whole numbers', () => {
  it('stay within the range that is exact', () => {
    expect(values.checkedInteger('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => values.checkedInteger(2 ** 53)).toThrow(failure('VALIDATION_FAILED'));
    expect(values.toInteger(-32_768, 16)).toBe(-32_768);
    expect(values.toInteger(null, 32)).toBeNull();
    expect(() => values.toInteger(2 ** 31, 32)).toThrow(failure('VALIDATION_FAILED'));
    expect(() => values.toInteger(-(2 ** 53), 53)).toThrow(failure('VALIDATION_FAILED'));
  });

  it.each([
    [7, 2, 3, 1],
    [-7, 2, -4, 1],
    [7, -2, -4, -1],
    [-7, -2, 3, -1],
    [-Number.MAX_SAFE_INTEGER, 7, -1286742750677285, 4],
  ])('%i div %i rounds down', (left, right, quotient, rest) => {
    expect(values.floorDivide(left, right)).toBe(quotient);
    expect(values.floorModulo(left, right)).toBe(rest);
  });

  it('are not divided by zero', () => {
    expect(() => values.floorDivide(1, 0)).toThrow(failure('VALIDATION_FAILED'));
    expect(() => values.floorModulo(1, 0)).toThrow(failure('VALIDATION_FAILED'));
  });
});

describe('decimals', () => {
  it('are exact', () => {
    expect(values.addDecimal('0.1', '0.20')).toBe('0.30');
    expect(values.subtractDecimal(1, '1.05')).toBe('-0.05');
    expect(values.multiplyDecimal('-1.5', '0.05')).toBe('-0.075');
    expect(values.absDecimal('-2.50')).toBe('2.50');
    expect(values.compareDecimal('10', '9.99')).toBe(1);
    expect(values.compareDecimal('1.0', 1)).toBe(0);
    expect(values.compareDecimal('-1', '0')).toBe(-1);
    expect(values.equalDecimal('1.50', '1.5')).toBe(true);
    expect(values.equalDecimal(null, null)).toBe(true);
    expect(values.equalDecimal('1', null)).toBe(false);
  });

  it('round half away from zero', () => {
    expect(values.roundDecimal('2.345', 2)).toBe('2.35');
    expect(values.roundDecimal('-2.345', 2)).toBe('-2.35');
    expect(values.roundDecimal('1', 2)).toBe('1.00');
    expect(values.divideDecimal('1', '3', 4)).toBe('0.3333');
    expect(values.divideDecimal(-1, '8', 2)).toBe('-0.13');
    expect(() => values.divideDecimal('1', '0.0', 2)).toThrow(failure('VALIDATION_FAILED'));
  });

  it('take the digits of a column', () => {
    expect(values.toDecimal(3, 6, 2)).toBe('3.00');
    expect(values.toDecimal(3)).toBe('3');
    expect(values.toDecimal(null, 6, 2)).toBeNull();
    expect(() => values.toDecimal('10000', 6, 2)).toThrow(failure('VALIDATION_FAILED'));
  });
});

describe('money', () => {
  const euro = (amount: number) => ({ amount, currency: 'EUR' });
  const dollar = { amount: 1, currency: 'USD' };

  it('is computed in minor units', () => {
    expect(values.addMoney(euro(1), euro(2))).toEqual(euro(3));
    expect(values.subtractMoney(euro(1), euro(2))).toEqual(euro(-1));
    expect(values.multiplyMoney(euro(5), '0.5')).toEqual(euro(3));
    expect(values.divideMoney(euro(-5), 2)).toEqual(euro(-3));
    expect(values.compareMoney(euro(1), euro(2))).toBeLessThan(0);
    expect(() => values.addMoney(euro(Number.MAX_SAFE_INTEGER), euro(1))).toThrow(
      failure('VALIDATION_FAILED'),
    );
  });

  it('is not mixed', () => {
    expect(() => values.addMoney(euro(1), dollar)).toThrow(failure('CURRENCY_MISMATCH'));
    expect(values.equalMoney(euro(1), dollar)).toBe(false);
    expect(values.equalMoney(euro(1), euro(1))).toBe(true);
    expect(values.equalMoney(null, null)).toBe(true);
  });

  it('may be unset', () => {
    expect(values.moneyOf(1, 'EUR')).toEqual(euro(1));
    expect(values.moneyOf(null, 'EUR')).toBeNull();
    expect([values.minorOf(euro(1)), values.minorOf(null)]).toEqual([1, null]);
    expect([values.currencyOf(dollar), values.currencyOf(null)]).toEqual(['USD', null]);
  });
});

describe('text', () => {
  it('is compared and counted by code points', () => {
    expect(values.compareText('\uffff', '\u{10000}')).toBeLessThan(0);
    expect(values.compareText('a', 'ab')).toBeLessThan(0);
    expect(values.compareText('b', 'a')).toBeGreaterThan(0);
    expect(values.textLength('a\u{1f600}')).toBe(2);
  });

  it('knows the letters of ASCII and its spaces', () => {
    expect(values.lowerText('ÀB')).toBe('Àb');
    expect(values.upperText('ßb')).toBe('ßB');
    expect(values.trimText(' \ta \n')).toBe('a');
    expect(values.concatTexts('a', 'b', 'c')).toBe('abc');
    expect(values.startsWith('abc', 'ab')).toBe(true);
    expect(values.containsText('abc', 'd')).toBe(false);
  });
});

describe('lists and choices', () => {
  it('compare as they are told', () => {
    expect(values.isOneOf('a', ['b', 'a'])).toBe(true);
    expect(values.isOneOf('1.0', ['1'], values.equalDecimal)).toBe(true);
    expect(values.isOneOf<string | null>(null, ['a'])).toBe(false);
    expect(values.least(values.compareDecimal, '2', '10', '3')).toBe('2');
    expect(values.greatest(values.compareText, '2', '10', '3')).toBe('3');
    expect(values.same(1, '1')).toBe(false);
    expect(values.present(0)).toBe(0);
    expect(() => values.present(null)).toThrow(failure('INTERNAL'));
  });
});

describe('dates and instants', () => {
  const at = (text: string) => new Date(text);

  it('move', () => {
    expect(values.addDays('2026-02-28', 86_400_000)).toBe('2026-03-01');
    expect(values.addDays('0001-01-01', -86_400_000)).toBe('0001-12-31 BC');
    expect(values.addDays('9999-12-31', 86_400_000)).toBe('10000-01-01');
    expect(() => values.addDays('2026-01-01', 1)).toThrow(failure('VALIDATION_FAILED'));
    expect(() => values.addDays('0001-01-01', -2e6 * 86_400_000)).toThrow(
      failure('VALIDATION_FAILED'),
    );
    expect(values.addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(values.addMonths('2026-01-31', -13)).toBe('2024-12-31');
    expect(() => values.addMonths('2026-01-31', 1e5)).toThrow(failure('VALIDATION_FAILED'));
    expect(values.addInterval(at('2026-01-01T00:00:00Z'), -1)).toEqual(
      at('2025-12-31T23:59:59.999Z'),
    );
    expect(() => values.addInterval(at('0001-01-01T00:00:00Z'), -2e14)).toThrow(
      failure('VALIDATION_FAILED'),
    );
  });

  it('have distances and an order', () => {
    expect(values.intervalBetween(at('2026-01-01T00:00:00Z'), at('2026-01-01T00:01:00Z'))).toBe(
      60_000,
    );
    expect(values.intervalBetweenDates('2026-03-01', '2026-02-28')).toBe(-86_400_000);
    expect(values.compareDate('10000-01-01', '9999-12-31')).toBe(1);
    expect(values.compareInstant(at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toBe(0);
    expect(values.equalInstant(null, null)).toBe(true);
    expect(values.equalInstant(at('2026-01-01T00:00:00Z'), null)).toBe(false);
    expect([values.intervalText(5), values.intervalText(null)]).toEqual(['5 milliseconds', null]);
  });

  it('have parts', () => {
    expect([values.yearOf('2026-12-31'), values.yearOf('0044-03-15 BC')]).toEqual([2026, -44]);
    expect([values.monthOf('2026-12-31'), values.dayOf('2026-12-31')]).toEqual([12, 31]);
    expect([values.weekdayOf('2026-11-23'), values.weekdayOf('2026-11-29')]).toEqual([1, 7]);
    expect(() => values.yearOf('nonsense')).toThrow(failure('VALIDATION_FAILED'));
  });

  it('follow the clocks of a zone', () => {
    expect(values.dateOf(at('2026-11-22T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-23');
    expect(values.timeOf(at('2026-11-22T23:30:00.999Z'), 'Europe/Berlin')).toBe('00:30:00');
    expect(() => values.dateOf(at('2026-11-22T23:30:00Z'), 'Mars/Olympus')).toThrow(
      failure('VALIDATION_FAILED'),
    );
  });

  it.each([
    ['2026-11-23', '12:00:00', '2026-11-23T17:00:00.000Z'],
    ['2026-03-08', '02:30:00', '2026-03-08T07:30:00.000Z'], // does not exist: after the gap
    ['2026-11-01', '01:30:00', '2026-11-01T05:30:00.000Z'], // exists twice: the first
    ['2026-11-01', '12:00:00', '2026-11-01T17:00:00.000Z'],
  ])('%s %s in New York is %s', (date, time, instant) => {
    expect(values.instantOf(date, time, 'America/New_York').toISOString()).toBe(instant);
  });
});
