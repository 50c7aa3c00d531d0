import { type ErrorCode, errors } from '@app/contract/errors';
import { Problem } from '@app/contract/problems';
import { z } from 'zod';
import type { Route } from './route.js';

type Json = Record<string, unknown>;

export interface OpenApi {
  readonly openapi: string;
  readonly info: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Json };
}

/** What every operation can also answer. */
const ANYWHERE: readonly ErrorCode[] = ['RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'];
const COMPONENTS = '#/components/schemas/';

/** The OpenAPI document, made from the same schemas that check requests. */
export function describe(
  info: { readonly title: string; readonly version: string; readonly description?: string },
  routes: readonly Route[],
): OpenApi {
  const schemas: Json = {};
  const paths: Record<string, Record<string, Json>> = {};
  schemaOf(Problem, 'output', schemas);
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method] = operationOf(route, schemas);
    paths[route.path] = operations;
  }
  const sorted = Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: { schemas: Object.fromEntries(sorted) },
  };
}

function operationOf(route: Route, schemas: Json): Json {
  const { params, query, body } = route.request;
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
  ];
  return {
    operationId: route.operation.replace(/\W/g, '_'),
    summary: route.title,
    tags: [route.operation.split('.')[0]],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: { 'application/json': { schema: schemaOf(body, 'input', schemas) } },
          },
        }),
    responses: responsesOf(route, schemas),
  };
}

function parametersOf(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemas: Json,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, member]) => {
    const given = schemaOf(member as z.ZodType, 'input', schemas);
    return {
      name,
      in: place,
      required: place === 'path' || !(member as z.ZodType).safeParse(undefined).success,
      schema: given,
    };
  });
}

function responsesOf(route: Route, schemas: Json): Json {
  const success: Json = { description: 'Done' };
  if (route.response !== undefined) {
    success['content'] = {
      'application/json': { schema: schemaOf(route.response, 'output', schemas) },
    };
  }
  if (route.location !== undefined) {
    success['headers'] = {
      Location: { description: 'Where it is found', required: true, schema: { type: 'string' } },
    };
  }
  const failures = new Map<number, ErrorCode[]>();
  for (const code of new Set<ErrorCode>([...route.errors, ...ANYWHERE])) {
    const { status } = errors[code];
    failures.set(status, [...(failures.get(status) ?? []), code]);
  }
  const described = [...failures]
    .sort(([left], [right]) => left - right)
    .map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${errors[code].text}`).join('. '),
        content: { 'application/problem+json': { schema: { $ref: `${COMPONENTS}Problem` } } },
      },
    ]);
  return { [route.status]: success, ...Object.fromEntries(described) };
}

/** The JSON Schema of a shape; shapes that have a name move to the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema, $defs, ...root } = z.toJSONSchema(schema, { io }) as Json;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Json)) {
    schemas[name] = relocated(definition);
  }
  return relocated(root) as Json;
}

function relocated(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', `"${COMPONENTS}`));
}
