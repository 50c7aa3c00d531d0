import { HttpResponse, http } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { endpoint } from '../src/client.js';
import { messageOf, ProblemError } from '../src/problem.js';
import { session } from '../src/session.js';
import { api, problem } from './api.js';

const find = endpoint<{ id: string; tags?: string[]; note?: null }, unknown>('get', '/things/{id}');
const make = endpoint<{ name: string }, unknown>('post', '/things', 'keyed');

describe('the client', () => {
  it('puts the input into path and query, and leaves out what is not there', async () => {
    let asked = '';
    api.use(
      http.get('*', ({ request }) => {
        asked = request.url;
        return HttpResponse.json({});
      }),
    );
    await find({ id: 'a/b', tags: ['x', 'y'], note: null });
    expect(new URL(asked).pathname).toBe('/things/a%2Fb');
    expect(new URL(asked).search).toBe('?tags=x&tags=y');
  });

  it('sends a key with what is to be done once', async () => {
    const keys: (string | null)[] = [];
    api.use(
      http.post('*', ({ request }) => {
        keys.push(request.headers.get('Idempotency-Key'));
        return HttpResponse.json({});
      }),
    );
    await make({ name: 'a' });
    await make({ name: 'a' });
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tries once more where the session could be renewed', async () => {
    const renew = vi.spyOn(session, 'renew').mockResolvedValue(true);
    let count = 0;
    api.use(
      http.get('*', () => {
        count += 1;
        const { status = 200, body } = problem(401, 'UNAUTHENTICATED');
        return count === 1
          ? HttpResponse.json(body as never, { status })
          : HttpResponse.json({ id: 'a' });
      }),
    );
    expect(await find({ id: 'a' })).toEqual({ id: 'a' });
    expect([count, renew.mock.calls.length]).toEqual([2, 1]);
    renew.mockRestore();
  });

  it('fails with what the server says, also where that is no problem+json', async () => {
    api.use(http.get('*', () => new HttpResponse('gone wrong', { status: 502 })));
    const failure = await find({ id: 'a' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect(messageOf(failure)).toBe('The service cannot answer now. Try again later.');
  });

  it('says that nothing can be reached', async () => {
    api.use(http.get('*', () => HttpResponse.error()));
    const failure = await find({ id: 'a' }).catch((error: unknown) => error);
    expect(messageOf(failure)).toContain('cannot be reached');
  });
});
