/**
 * How values of PostgreSQL become values of TypeScript, by type number: the same for the embedded
 * database and for a server.
 */
export type ValueParser = (text: string) => unknown;

const BIGINT = 20;
const DATE = 1082;
const TIME = 1083;
const TIMESTAMP_WITH_ZONE = 1184;
const INTERVAL = 1186;
const NUMERIC = 1700;

export const valueParsers: Readonly<Record<number, ValueParser>> = {
  [BIGINT]: Number,
  [NUMERIC]: String,
  [DATE]: String,
  [TIME]: String,
  [TIMESTAMP_WITH_ZONE]: instantOf,
  [INTERVAL]: millisecondsOf,
};

function instantOf(text: string): Date {
  const [, moment = '', offset = ''] = /^(.*?)([+-][0-9:]+)?$/.exec(text) ?? [];
  const zone = offset.length === 3 ? `${offset}:00` : offset;
  return new Date(`${moment.replace(' ', 'T')}${zone || 'Z'}`);
}

function millisecondsOf(text: string): number {
  const days = Number(/(-?\d+) days?/.exec(text)?.[1] ?? 0);
  const [, sign = '', hours = 0, minutes = 0, seconds = 0] =
    /(-?)(\d+):(\d+):(\d+(?:\.\d+)?)/.exec(text) ?? [];
  const clock = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  return days * 86_400_000 + Math.round(sign === '-' ? -clock : clock);
}
