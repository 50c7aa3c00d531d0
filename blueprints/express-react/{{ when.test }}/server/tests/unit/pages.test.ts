import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { html, page } from '../../src/html.js';
import { indexPage } from '../../src/index-page.js';
import { describe as describeApi } from '../../src/openapi.js';
import { referencePage } from '../../src/reference-page.js';
import { type Route, route } from '../../src/route.js';
import { curlOf, sampleOf } from '../../src/samples.js';
import { defineValidator } from '../../src/validator.js';

const info = { title: 'A <service>', version: '1' };

const put = route({
  operation: 'thing.put',
  title: 'Put a thing',
  method: 'put',
  path: '/things/{id}',
  status: 200,
  request: defineValidator({
    params: z.object({ id: z.int() }),
    body: z.object({
      name: z.string(),
      color: z.enum(['red', 'green']),
      isNew: z.boolean(),
      size: z.int().min(7),
      tags: z.array(z.string()),
      on: z.iso.date(),
      note: z.string().nullable(),
      level: z.int().default(3),
      more: z.string().optional(),
    }),
  }),
  errors: ['NOT_FOUND'],
  run: async () => undefined,
}) as Route;

const find = route({
  operation: 'thing.find',
  title: 'Find things',
  method: 'get',
  path: '/things',
  status: 200,
  request: defineValidator({
    query: z.object({ isNew: z.boolean().optional(), sizes: z.array(z.int()).optional() }),
  }),
  errors: ['VALIDATION_FAILED'],
  run: async (_context, input) => {
    seen = input;
  },
}) as Route;

let seen: unknown;

describe('pages', () => {
  it('escape what is put into them, unless it is HTML already', () => {
    const items = [html`<li>${1}</li>`, html`<li>${'<b>"&\''}</li>`];
    expect(page('<i>', html`<ul>${items}</ul>`)).toContain(
      '<ul><li>1</li><li>&lt;b&gt;&quot;&amp;&#39;</li></ul>',
    );
  });

  it('show a service without operations, and one without any that creates', () => {
    expect(indexPage(describeApi(info, []))).not.toContain('A request to try');
    const shown = indexPage(describeApi({ ...info, description: 'Things' }, [find]));
    expect(shown).toContain('curl -X GET http://localhost:3000/things');
    expect(shown).toContain('A &lt;service&gt;');
    expect(referencePage(describeApi(info, [find, put]))).toContain('Put a thing');
  });

  it('try what needs nothing before it, where the reader sees the service', () => {
    const post = (name: string, body: z.ZodObject): Route =>
      route({
        operation: `thing.${name}`,
        title: name,
        method: 'post',
        path: `/${name}`,
        status: 201,
        request: defineValidator({ body }),
        response: z.object({}).meta({ id: 'Thing' }),
        errors: [],
        run: async () => ({}),
      });
    const part = post('parts', z.strictObject({ thingId: z.uuid() }));
    const thing = post('things', z.strictObject({ name: z.string() }).meta({ id: 'ThingCreate' }));
    const shown = (routes: Route[]) => indexPage(describeApi(info, routes), 'https://here.example');
    expect(shown([find, part, thing])).toContain('curl -X POST https://here.example/things');
    expect(shown([find, part])).toContain('curl -X POST https://here.example/parts');
    const reference = referencePage(describeApi(info, [thing]));
    expect(reference).toContain('Body: <a href="#ThingCreate">');
    expect(reference).toContain('<td>201</td><td><a href="#Thing">');
    expect(reference).toContain('<pre id="ThingCreate">');
  });
});

describe('samples', () => {
  it('have a value of the right kind for every member that is required', () => {
    const document = describeApi(info, [put]);
    const body = curlOf(document, 'put', '/things/{id}').replace(/^[\s\S]*-d '|'$/g, '');
    const level = 'level' in JSON.parse(body) ? { level: 3 } : {};
    expect(JSON.parse(body)).toEqual({
      ...level,
      name: 'Text',
      color: 'red',
      isNew: true,
      size: 7,
      tags: [],
      on: '2026-01-31',
      note: 'Text',
    });
    expect(sampleOf(document, { type: 'string', pattern: '^[0-9]{9}$' })).toBe('text');
  });
});

describe('a validator', () => {
  const parse = (query: object) => find.request.parse({ params: {}, query } as never);

  it('reads booleans and lists from the text of a query', () => {
    expect(parse({ isNew: 'true', sizes: ['1', '2'] })).toEqual({ isNew: true, sizes: [1, 2] });
    expect(parse({ isNew: 'false', sizes: '3' })).toEqual({ isNew: false, sizes: [3] });
    expect(() => parse({ isNew: 'yes' })).toThrow();
    expect(() => parse({ sizes: '01' })).toThrow();
    expect(seen).toBeUndefined();
  });
});
