import fc from 'fast-check';
import { z } from 'zod';
import type { Field, Kind } from '../src/field.js';
import type { Fields } from '../src/form-input.js';
import type { Resource, Row } from '../src/resource.js';

const ID = '00000000-0000-4000-8000-000000000001';

/** Values of each kind; the first one that the contract takes is used. */
const VALUES: Readonly<Record<Kind, readonly unknown[]>> = {
  text: [
    'Sample',
    'sample',
    'S',
    'EUR',
    'DE',
    'en',
    'Europe/Berlin',
    '+4930123456',
    'Aa1!Aa1!Aa1!Aa1!',
  ],
  multiline: ['Sample', 'Sample text that is a little longer'],
  email: ['sample@example.com'],
  url: ['https://example.com/'],
  id: [ID, 1],
  integer: [1, 0, 10, -1, 100],
  decimal: ['1', '0', '0.5', '10'],
  money: [{ amount: 1250, currency: 'EUR' }],
  flag: [true],
  optionalFlag: [true],
  date: ['2026-03-01'],
  time: ['09:30:00'],
  instant: ['2026-03-01T09:30:00.000Z'],
  duration: [5_400_000, 0, 1000],
  choice: [],
  reference: [ID, 1],
  references: [[ID], [1]],
  list: [],
  json: [{ sample: 1 }],
  rows: [null],
};

interface JsonSchema {
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** A value of a field that the contract takes, as the plan says it. */
export function sampleOf(field: Field, member?: z.core.$ZodType): unknown {
  const schema = bare(member);
  const accepts = (value: unknown) =>
    value !== undefined && (schema === undefined || z.safeParse(schema, value).success);
  return candidates(field, schema).find(accepts);
}

function bare(member: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return member instanceof z.ZodDefault ||
    member instanceof z.ZodOptional ||
    member instanceof z.ZodNullable
    ? bare(member.unwrap())
    : member;
}

function candidates(field: Field, schema: z.core.$ZodType | undefined): unknown[] {
  if (field.kind === 'list') {
    const element = schema instanceof z.ZodArray ? schema.element : undefined;
    const item = sampleOf(field.of ?? { kind: 'text', title: '' }, element);
    return [1, 2, 3, 5, 10].map((length) => Array(length).fill(item));
  }
  const currency = field.currency === undefined ? [] : [{ amount: 1250, currency: field.currency }];
  const told =
    schema === undefined ? [] : hints(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
  return [...currency, ...(field.options ?? []), ...VALUES[field.kind], ...told];
}

/** Values that a schema speaks of. */
function hints(schema: JsonSchema): unknown[] {
  const { pattern, minLength = 0, minimum, maximum, examples = [] } = schema;
  const inner = [...(schema.allOf ?? []), ...(schema.anyOf ?? [])].flatMap(hints);
  const matching =
    pattern === undefined
      ? []
      : fc
          .sample(fc.stringMatching(new RegExp(pattern, 'u')), { seed: 7, numRuns: 200 })
          .filter((text) => /^[ -~]+$/.test(text) && text.trim() === text);
  return [...examples, 'x'.repeat(minLength), minimum, maximum, ...matching, ...inner];
}

/** A value of each field. */
export function samplesOf(fields: Fields): Row {
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, sampleOf(of)]));
}

/** A row of a resource as the API shows it. */
export function rowOf(resource: Resource, id: unknown = ID): Row {
  const shapes = { ...resource.create?.input.shape, ...resource.update?.input.shape };
  const key = resource.key.map((name) => [name, id]);
  const values = Object.entries(resource.fields).map(([name, field]) => [
    name,
    sampleOf(field, shapes[name]),
  ]);
  return { ...Object.fromEntries(key), ...Object.fromEntries(values), version: 3 };
}
