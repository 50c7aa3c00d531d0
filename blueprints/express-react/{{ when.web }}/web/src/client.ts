import { problemOf } from './problem.js';
import { session } from './session.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Input = Readonly<Record<string, unknown>>;

/** A part of a list, and how much there is in all. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

/** A part of a list, and the way to the next one. */
export interface CursorPaged<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** One operation of the API, as a function from its input to its answer. */
export type Endpoint<Given, Answer> = (input: Given) => Promise<Answer>;

/**
 * An operation of the API by its method and path. Members of the input that the path names go
 * there; the others are the query of a GET or DELETE, and the body of anything else. What is
 * keyed is done once, however often the request arrives.
 */
export function endpoint<Given, Answer>(
  method: Method,
  path: string,
  keyed?: 'keyed',
): Endpoint<Given, Answer> {
  return async (input) => {
    const rest: Record<string, unknown> = { ...(input as Input) };
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = rest[name];
      delete rest[name];
      return encodeURIComponent(String(value));
    });
    const isQuery = method === 'get' || method === 'delete';
    const url = isQuery ? `${address}${queryOf(rest)}` : address;
    const response = await send(url, {
      method: method.toUpperCase(),
      headers: keyed === undefined ? {} : { 'Idempotency-Key': randomKey() },
      ...(isQuery ? {} : { body: JSON.stringify(rest) }),
    });
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
}

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request as whoever is signed in. A refused one is sent again if the session can be renewed. */
async function send(url: string, init: Sent): Promise<Response> {
  const request = await withHeaders(init);
  const response = await fetch(url, request);
  if (response.ok) {
    return response;
  }
  const failure = await problemOf(response);
  const refused = { code: failure.problem.code, headers: request.headers };
  if (response.status !== 401 || !(await session.renew(refused))) {
    throw failure;
  }
  const second = await fetch(url, await withHeaders(init));
  if (!second.ok) {
    throw await problemOf(second);
  }
  return second;
}

async function withHeaders(init: Sent): Promise<RequestInit & { readonly headers: Headers }> {
  const headers = new Headers({ ...init.headers, ...(await session.headers()) });
  headers.set('Accept', 'application/json, application/problem+json');
  if (init.body !== undefined) {
    headers.set('Content-Type', 'application/json');
  }
  return { ...init, headers, credentials: 'same-origin' };
}

function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function queryOf(values: Input): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null) {
        query.append(name, String(item));
      }
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}
