import type { Problem } from '@app/contract/problems';
import { HttpResponse, http, type JsonBodyType } from 'msw';
import { setupServer } from 'msw/node';
import type { Row } from '../src/resource.js';

/** The API as a page sees it, without any server: nothing is there but what a test serves. */
export const api = setupServer(
  http.all('*', () => HttpResponse.json({}, { status: 404, statusText: 'Not Found' })),
);

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What can be answered to a request. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What single operations are answered, by the path that they ask for. */
const answers = new Map<string, Answer>();

/** Has an operation answered in a way of its own, whatever else is served. */
export async function answer(run: () => Promise<unknown>, given: Answer): Promise<void> {
  const note = ({ request }: { request: Request }) => {
    answers.set(new URL(request.url).pathname, given);
    return HttpResponse.json({});
  };
  api.use(http.get('*', note, { once: true }));
  await run();
}

/**
 * Answers lists with the rows and anything else that is read with the first of them; what is
 * written is noted, and answered as the test says.
 */
export function serve(rows: readonly Row[], written: (sent: Sent) => Answer = () => ({})): Sent[] {
  const noted: Sent[] = [];
  api.use(
    http.all('*', async ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      if (request.method === 'GET') {
        const page = { items: rows, total: rows.length, next: null };
        const own = answers.get(pathname);
        if (own !== undefined) {
          return respond(own, {});
        }
        return HttpResponse.json(searchParams.has('limit') ? page : (rows[0] ?? {}));
      }
      const text = await request.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const sent = { method: request.method, path: pathname, body };
      noted.push(sent);
      return respond(written(sent), rows[0] ?? {});
    }),
  );
  return noted;
}

function respond(answer: Answer, otherwise: unknown): HttpResponse<JsonBodyType> {
  const { status = 200, body } = answer;
  if (status === 204) {
    return new HttpResponse(null, { status });
  }
  return HttpResponse.json((body ?? otherwise) as JsonBodyType, {
    status,
    headers: headersOf(answer),
  });
}

/** The headers of an answer: what fails is a problem. */
export function headersOf({ status = 200, headers = {} }: Answer): Record<string, string> {
  return status < 400 ? headers : { ...headers, 'Content-Type': 'application/problem+json' };
}

/** A problem as the API reports it. */
export function problem(status: number, code: string, more: Partial<Problem> = {}): Answer {
  const title = code.toLowerCase();
  const body = {
    type: 'about:blank',
    title,
    status,
    detail: `Refused: ${code}`,
    code,
    requestId: 'r',
  };
  return { status, body: { ...body, ...more } };
}
