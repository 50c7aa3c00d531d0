import type { Problem } from '@app/contract/problems';

/** A request that failed, with what the server says about it (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The problem that an answer reports; one that is none is told by its status. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const isProblem = response.headers.get('Content-Type')?.includes('problem+json') === true;
  if (isProblem) {
    return new ProblemError((await response.json()) as Problem);
  }
  const busy = response.status === 429 || response.status >= 500;
  return new ProblemError({
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: busy ? 'The service cannot answer now. Try again later.' : 'The request has failed.',
    code: response.status === 404 ? 'NOT_FOUND' : 'INTERNAL',
    requestId: '',
  } as Problem);
}

/** What a person is told about anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ProblemError) {
    return error.message;
  }
  return error instanceof TypeError
    ? 'The service cannot be reached. Check the connection and try again.'
    : 'Something went wrong.';
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof ProblemError ? error.problem.code : undefined;
}
