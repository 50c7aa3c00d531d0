import { errors } from '@app/contract/errors';
import { describe, expect, it } from 'vitest';
import { routes } from '../../src/routes.js';
import { sampleOf } from '../../src/samples.js';
import { harness } from '../harness.js';
import { subjects } from '../subjects.js';

type Json = Record<string, unknown>;
type Operation = Json & {
  responses: Record<string, Json>;
  parameters?: Json[];
  requestBody?: Json;
};

const service = harness();

async function document() {
  return (await service.request('get', '/openapi.json')).body as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Json> };
  } & Parameters<typeof sampleOf>[0];
}

describe('the OpenAPI document', () => {
  it('says which version it has, and every reference in it leads somewhere', async () => {
    const found = await document();
    expect(found.openapi).toMatch(/^3\.1\./);
    const text = JSON.stringify(found);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    for (const [, name = ''] of references) {
      expect(Object.keys(found.components.schemas)).toContain(name);
    }
  });

  it('names every operation once', async () => {
    const { paths } = await document();
    const ids = Object.values(paths).flatMap((path) =>
      Object.values(path).map((operation) => operation['operationId']),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(routes.length);
  });

  it('has every operation that the plan offers', () => {
    const offered = routes.map(({ operation }) => operation);
    for (const { name, operations, states } of subjects) {
      for (const key of [
        ...operations,
        ...Object.keys(operations.length > 0 ? (states?.ways ?? {}) : {}),
      ]) {
        expect(offered).toContain(`${name}.${key}`);
      }
    }
  });

  for (const route of routes) {
    it(`tells of ${route.operation}: its parameters, its success and each of its failures`, async () => {
      const { paths } = await document();
      const operation = paths[route.path]?.[route.method] as Operation;
      expect(operation, `${route.method} ${route.path}`).toBeDefined();
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters = (operation.parameters ?? []).filter(({ in: place }) => place === 'path');
      expect(parameters.map(({ name }) => name)).toEqual(inPath);
      const success = operation.responses[route.status] as Json;
      expect(success['content'] === undefined).toBe(route.response === undefined);
      for (const code of [...route.errors, 'RATE_LIMITED', 'INTERNAL'] as const) {
        const failure = operation.responses[errors[code].status] as Json;
        expect(failure['description'], code).toContain(code);
        expect(failure['content'], code).toHaveProperty(['application/problem+json']);
      }
    });

    it(`shows a request for ${route.operation} that the service understands`, async () => {
      const found = await document();
      const operation = found.paths[route.path]?.[route.method] as Operation;
      const parameters = new Map(operation.parameters?.map((each) => [each['name'], each]));
      const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
        String(sampleOf(found, parameters.get(name)?.['schema'] as Json)),
      );
      const content = operation.requestBody?.['content'] as Record<string, { schema: Json }>;
      const schema = content?.['application/json']?.schema;
      const body = schema === undefined ? undefined : sampleOf(found, schema);
      const query = (operation.parameters ?? [])
        .filter(({ in: place, required }) => place === 'query' && required === true)
        .flatMap((each) =>
          [sampleOf(found, each['schema'] as Json)]
            .flat()
            .map((value) => `${each['name']}=${value}`),
        );
      const address = [path, query.join('&')].filter((part) => part !== '').join('?');
      const answer = await service.request(route.method, address, body);
      expect(Object.keys(operation.responses), JSON.stringify(answer.body)).toContain(
        String(answer.status),
      );
      expect(answer.status, JSON.stringify(answer.body)).not.toBe(500);
      // No sample is made up for patterns that are unlike any usual text.
      const malformed = (answer.body?.errors ?? []) as { path: string; message: string }[];
      const unusual = malformed.filter(({ message }) => message.startsWith('must match'));
      const isRefused = answer.status === 400;
      expect(
        malformed.filter(({ path }) => isRefused && !unusual.some((each) => each.path === path)),
      ).toEqual([]);
    });
  }
});

describe('the pages', () => {
  it('lead from the root to the reference, which knows every operation and every error', async () => {
    const root = await service.request('get', '/');
    expect([root.status, root.headers.get('Content-Type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    expect(root.body).toContain('href="/reference"');
    expect(root.body).toContain('curl');
    const { body } = await service.request('get', '/reference');
    for (const route of routes) {
      expect(body).toContain(route.path);
      for (const code of route.errors) {
        expect(body).toContain(`id="${code}"`);
      }
    }
  });
});
