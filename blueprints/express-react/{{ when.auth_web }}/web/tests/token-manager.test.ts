import { afterEach, describe, expect, it, vi } from 'vitest';
import { endpoint } from '../src/client.js';
import { messageOf } from '../src/problem.js';
import { TokenManager, tokenManager } from '../src/services/tokenManager.js';
import { answer, tokens } from './accounts.js';
import { type Answer, problem, type Sent } from './api.js';

const INVALID = problem(401, 'TOKEN_INVALID');
const REFRESH = 'POST /auth/refresh';
const find = endpoint<{ id: string }, { id: string }>('get', '/things/{id}');

/** How often a new access token was asked for. */
function renewals(sent: readonly Sent[]): number {
  return sent.filter(({ path }) => path === '/auth/refresh').length;
}

/** A page of this browser as it is after a reload. */
function tab(): TokenManager {
  localStorage.setItem('signed-in', 'yes');
  return new TokenManager();
}

/** Gives the locks that browsers have, and jsdom has not. */
function withLocks(): void {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_: string, work: () => Promise<unknown>) => {
    last = last.then(work);
    return last;
  };
  vi.stubGlobal('navigator', { ...navigator, locks: { request } });
}

/** A token of somebody, as far as a page looks at it. */
function tokenOf(subject: string): string {
  return `header.${btoa(JSON.stringify({ sub: subject }))}.signature`;
}

afterEach(() => vi.unstubAllGlobals());

describe('an access token that has expired', () => {
  /** Things are shown to who has the second token. */
  function things(renewal: Answer | ((sent: Sent) => Answer)): Sent[] {
    const thing = () =>
      tokenManager.headers()['Authorization'] === 'Bearer second'
        ? { body: { id: 'a' } }
        : problem(401, 'UNAUTHENTICATED');
    return answer({ 'GET /things/a': thing, 'GET /things/b': thing, [REFRESH]: renewal });
  }

  it('is renewed, and what was refused is sent again', async () => {
    const sent = things(tokens('second'));
    expect(await find({ id: 'a' })).toEqual({ id: 'a' });
    expect(sent.map(({ path }) => path)).toEqual(['/things/a', '/auth/refresh', '/things/a']);
  });

  it('is renewed once for all who ask meanwhile', async () => {
    const sent = things(tokens('second'));
    await Promise.all([find({ id: 'a' }), find({ id: 'b' }), find({ id: 'a' })]);
    expect(renewals(sent)).toBe(1);
  });

  it('is not renewed again for a request that was sent before', async () => {
    const sent = things(tokens('third'));
    tokenManager.accept('second');
    expect(await tokenManager.refresh('Bearer first')).toBe(true);
    expect(sent).toEqual([]);
  });

  it('is renewed once, not for ever', async () => {
    const sent = things(tokens('of no use'));
    await expect(find({ id: 'a' })).rejects.toThrow('UNAUTHENTICATED');
    expect(renewals(sent)).toBe(1);
  });

  it('is asked for twice, since another page may have been faster; then somebody has to sign in', async () => {
    const sent = things(INVALID);
    await expect(find({ id: 'a' })).rejects.toThrow('UNAUTHENTICATED');
    expect(renewals(sent)).toBe(2);
    expect(tokenManager.state()).toEqual({ status: 'signedOut', reason: 'expired' });
  });

  it('is renewed by the second attempt where another page was faster', async () => {
    let count = 0;
    things(() => {
      count += 1;
      return count === 1 ? INVALID : tokens('second');
    });
    expect(await find({ id: 'a' })).toEqual({ id: 'a' });
  });

  it('is not renewed for strangers, nor for anything else that is refused', async () => {
    const sent = answer({ 'GET /things/a': INVALID });
    await expect(find({ id: 'a' })).rejects.toThrow('TOKEN_INVALID');
    tokenManager.end('left');
    answer({ 'GET /things/a': problem(401, 'UNAUTHENTICATED') });
    await expect(find({ id: 'a' })).rejects.toThrow('UNAUTHENTICATED');
    expect(renewals(sent)).toBe(0);
  });

  it('stays where it cannot be known whether it can be renewed', async () => {
    things({ ...problem(429, 'RATE_LIMITED'), headers: { 'Retry-After': '42' } });
    const failure = await find({ id: 'a' }).catch((error: unknown) => error);
    expect(messageOf(failure)).toContain('Try again in 42 seconds');
    expect(tokenManager.state().status).toBe('signedIn');
  });

  it('brings nobody back who has left meanwhile', async () => {
    const sent = things(() => {
      tokenManager.end('left');
      return tokens('second');
    });
    await expect(find({ id: 'a' })).rejects.toThrow('UNAUTHENTICATED');
    expect([renewals(sent), tokenManager.state().status]).toEqual([1, 'signedOut']);
  });
});

describe('a session', () => {
  it('is in memory alone', () => {
    tokenManager.accept('a-secret');
    const kept = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
    expect(kept).not.toContain('a-secret');
    expect(tokenManager.headers()).toEqual({
      'X-Token-Transport': 'cookie',
      Authorization: 'Bearer a-secret',
    });
  });

  it('comes back after a reload', async () => {
    answer({ [REFRESH]: tokens('second') });
    const page = tab();
    expect(page.state().status).toBe('restoring');
    await page.restore();
    expect([page.state().status, page.headers()['Authorization']]).toEqual([
      'signedIn',
      'Bearer second',
    ]);
  });

  it('is not asked for where nobody has signed in', async () => {
    const sent = answer({});
    localStorage.clear();
    const page = new TokenManager();
    expect(page.state().status).toBe('signedOut');
    expect(await page.refresh()).toBe(false);
    expect(sent).toEqual([]);
  });

  it('says that it cannot be known where nothing answers', async () => {
    answer({ [REFRESH]: { status: 503 } });
    const page = tab();
    await page.restore();
    expect(page.state().status).toBe('unreachable');
  });

  it('is renewed by one page for all pages of a browser', async () => {
    withLocks();
    const sent = answer({ [REFRESH]: tokens('second') });
    const pages = [tab(), tab()];
    await Promise.all(pages.map((page) => page.restore()));
    expect(renewals(sent)).toBe(1);
    expect(pages.map((page) => page.headers()['Authorization'])).toEqual([
      'Bearer second',
      'Bearer second',
    ]);
  });

  it('ends on all pages at once', async () => {
    const [here, there] = [tab(), tab()];
    here.accept('first');
    await vi.waitFor(() => expect(there.state().status).toBe('signedIn'));
    here.end('left');
    await vi.waitFor(() => expect(there.state()).toEqual({ status: 'signedOut', reason: 'left' }));
  });

  it('takes along all that was fetched, also when it is somebody else who is signed in', () => {
    const forget = vi.fn();
    const page = tab();
    page.onEnd(forget);
    page.accept(tokenOf('ann'));
    page.accept(tokenOf('ann'));
    expect(forget).not.toHaveBeenCalled();
    page.accept(tokenOf('bob'));
    expect(forget).toHaveBeenCalledTimes(1);
    page.end('left');
    expect(forget).toHaveBeenCalledTimes(2);
  });
});
