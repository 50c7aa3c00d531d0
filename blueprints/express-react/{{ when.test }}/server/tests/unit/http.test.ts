import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Failure } from '../../src/failure.js';
import { defineValidator } from '../../src/validator.js';
import { harness } from '../harness.js';

const service = harness();

describe('HTTP', () => {
  it('answers what it does not know as a problem with a request id', async () => {
    const answer = await service.request('get', '/surely-nothing');
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: '/reference#NOT_FOUND',
      title: 'Not found',
      status: 404,
      code: 'NOT_FOUND',
      requestId: answer.headers.get('X-Request-Id'),
    });
  });

  it('keeps a request id that is given, unless it is strange', async () => {
    const ask = async (id: string) => {
      const response = await fetch(`${service.url}/health/live`, {
        headers: { 'X-Request-Id': id },
      });
      return response.headers.get('X-Request-Id');
    };
    expect(await ask('from-the-proxy.1')).toBe('from-the-proxy.1');
    expect(await ask('<script>')).toMatch(/^[\w-]{36}$/);
  });

  it('sends headers that keep a browser in check, and none that tell what it is made with', async () => {
    const { headers } = await service.request('get', '/');
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Powered-By')).toBeNull();
  });

  it('sends them with refusals too', async () => {
    const answers = [
      await service.request('get', '/surely-nothing'),
      await service.request('delete', '/openapi.json'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 405]);
    for (const { headers } of answers) {
      expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    }
  });

  it('takes no other method at its pages', async () => {
    const answer = await service.request('delete', '/openapi.json');
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await service.request('options', '/')).status).toBe(204);
  });

  it('tells whether it is alive and ready', async () => {
    expect((await service.request('get', '/health/live')).body).toEqual({ status: 'live' });
    expect((await service.request('get', '/health/ready')).body).toEqual({ status: 'ready' });
  });

  const wrong = Array.from({ length: 20_000 }, (_, n) => `x${n}`);

  it.each([
    ['items that are wrong', { list: wrong }],
    ['members that are not known', Object.fromEntries(wrong.map((name) => [name, 1]))],
  ])('answers a body of nothing but %s shortly', (_, body) => {
    const { parse } = defineValidator({ body: z.strictObject({ list: z.array(z.int()) }) });
    try {
      parse({ body } as Request);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect(JSON.stringify((error as Failure).errors).length).toBeLessThan(10_000);
    }
  });
});
