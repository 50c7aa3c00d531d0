import { describe, expect, it } from 'vitest';
import { fromForm, type Raw, toForm } from '../src/codecs.js';
import * as field from '../src/field.js';

describe('values in forms', () => {
  it.each([
    [field.text('A'), 'text', 'text'],
    [field.integer('A'), 42, '42'],
    [field.decimal('A'), '2.50', '2.50'],
    [field.money('A'), { amount: 1250, currency: 'EUR' }, { amount: '12.50', currency: 'EUR' }],
    [field.money('A'), { amount: -5, currency: 'EUR' }, { amount: '-0.05', currency: 'EUR' }],
    [field.money('A'), { amount: 1250, currency: 'JPY' }, { amount: '1250', currency: 'JPY' }],
    [field.flag('A'), true, true],
    [field.optionalFlag('A'), false, 'false'],
    [field.time('A'), '09:30:00', '09:30:00'],
    [field.duration('A'), 93_600_000, '1d 2h'],
    [field.duration('A'), -1500, '-1s 500ms'],
    [field.references('A', 'nothing' as never), ['a', 'b'], ['a', 'b']],
    [field.list('A', field.integer('B')), [1, 2], '1\n2'],
    [field.json('A'), { a: [1] }, '{\n  "a": [\n    1\n  ]\n}'],
  ] as [field.Field, unknown, Raw][])('come back as they were: %o', (declared, value, raw) => {
    expect(toForm(declared, value)).toEqual(raw);
    expect(fromForm(declared, raw)).toEqual(value);
  });

  it('keep a moment, whatever the zone of the browser', () => {
    const moment = '2026-03-01T09:30:00.000Z';
    expect(fromForm(field.instant('A'), toForm(field.instant('A'), moment))).toBe(moment);
  });

  it('are left to the contract where they are none of their kind', () => {
    expect(fromForm(field.integer('A'), 'many')).toBe('many');
    expect(fromForm(field.duration('A'), 'a while')).toBe('a while');
    expect(fromForm(field.money('A'), { amount: '1.234', currency: 'EUR' })).toEqual({
      amount: '1.234',
      currency: 'EUR',
    });
    expect(() => fromForm(field.json('A'), '{')).toThrow(SyntaxError);
    expect(() => fromForm(field.instant('A'), 'soon')).toThrow(RangeError);
  });

  it('are nothing where nothing was filled in', () => {
    for (const declared of [
      field.text('A'),
      field.integer('A'),
      field.date('A'),
      field.json('A'),
    ]) {
      expect(fromForm(declared, toForm(declared, null))).toBeUndefined();
    }
  });
});
