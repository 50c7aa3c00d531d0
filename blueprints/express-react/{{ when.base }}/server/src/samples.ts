import type { OpenApi } from './openapi.js';

type Json = Readonly<Record<string, unknown>>;

/** Where the service is when nobody says otherwise. */
export const ORIGIN = 'http://localhost:3000';
/** Stands for the id of something that is there. */
export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/** A request to paste into a terminal, with a value for every member that is required. */
export function curlOf(
  document: OpenApi,
  method: string,
  path: string,
  origin: string = ORIGIN,
): string {
  const operation = document.paths[path]?.[method] as Json;
  const body = (operation['requestBody'] as Json | undefined)?.['content'] as
    | Record<string, { schema: Json }>
    | undefined;
  const schema = body?.['application/json']?.schema;
  const parts = [`curl -X ${method.toUpperCase()} ${origin}${path}`];
  if (schema !== undefined) {
    parts.push("-H 'Content-Type: application/json'");
    parts.push(`-d '${JSON.stringify(sampleOf(document, schema)).replaceAll("'", "'\\''")}'`);
  }
  return parts.join(' \\\n  ');
}

/** A value that the schema accepts, or at least shows its form. */
export function sampleOf(document: OpenApi, schema: Json): unknown {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return sampleOf(document, document.components.schemas[name] as Json);
  }
  const [option] = (schema['anyOf'] ?? []) as Json[];
  if (option !== undefined) {
    return sampleOf(document, option);
  }
  const filled = 'default' in schema ? [schema['default']] : [];
  const choices = (schema['examples'] ?? schema['enum'] ?? filled) as unknown[];
  if (choices.length > 0) {
    return choices[0];
  }
  switch (schema['type']) {
    case 'object': {
      const members = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
      const required = (schema['required'] ?? []) as string[];
      return Object.fromEntries(
        members
          .filter(([name]) => required.includes(name))
          .map(([name, member]) => [name, sampleOf(document, member)]),
      );
    }
    case 'array':
      return [];
    case 'integer':
      return Math.max(1, Number(schema['minimum'] ?? 1));
    case 'boolean':
      return true;
    default:
      return textOf(schema);
  }
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T09:30:00Z',
  email: 'someone@example.com',
  uuid: UNKNOWN_ID,
};

const CANDIDATES = [
  ...['Text', 'text', 'TEXT', 'TXT', '1.50', '1', '0.5', '09:30:00', '#336699', 'EUR', 'DE', 'de'],
  ...['someone@example.com', 'https://example.com', '+4930123456', 'Secret-0'],
];

/** The first of some usual texts that all patterns take. */
function textOf(schema: Json): string {
  const given = BY_FORMAT[String(schema['format'])];
  const rules = [schema, ...((schema['allOf'] ?? []) as Json[])];
  const patterns = rules.map((rule) => new RegExp(String(rule['pattern'] ?? ''), 'u'));
  const least = Number(schema['minLength'] ?? 0);
  const fits = (candidate: string) => patterns.every((pattern) => pattern.test(candidate));
  const candidates = CANDIDATES.map((candidate) => candidate.padEnd(least, 'x'));
  return given ?? candidates.find(fits) ?? 'text';
}
