import { json } from '@app/contract/fields';
import { describe, expect, it } from 'vitest';

describe('a member of any JSON', () => {
  const nested = (levels: number) =>
    JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);

  it('takes what is nested as deep as people do, and refuses the rest', () => {
    for (const value of [null, 'text', { list: [1, { a: null }] }, nested(100)]) {
      expect(json().parse(value)).toEqual(value);
    }
    expect(json().safeParse(nested(102)).success).toBe(false);
    expect(json().safeParse(nested(100_000)).success).toBe(false);
  });
});
