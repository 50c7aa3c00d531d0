import type { Problem } from '@app/contract/problems';
import { HttpResponse, http } from 'msw';
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
        return HttpResponse.json(searchParams.has('limit') ? page : (rows[0] ?? null));
      }
      const text = await request.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const sent = { method: request.method, path: pathname, body };
      noted.push(sent);
      const answer = written(sent);
      return (answer.status ?? 200) === 204
        ? new HttpResponse(null, { status: 204 })
        : HttpResponse.json(answer.body ?? rows[0] ?? {}, {
            status: answer.status ?? 200,
            headers: problemHeaders(answer),
          });
    }),
  );
  return noted;
}

function problemHeaders({ status = 200 }: Answer): Record<string, string> {
  return status < 400 ? {} : { 'Content-Type': 'application/problem+json' };
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
