import type { Problem } from '@app/contract/problems';

/** A request that failed, with what the server says about it (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** After how many seconds it can be tried again, where the server says it. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The problem that an answer reports; one that is none is told by its status. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const said = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const retryAfter = Number.isNaN(said) ? undefined : said;
  const isProblem = response.headers.get('Content-Type')?.includes('problem+json') === true;
  if (isProblem) {
    return new ProblemError((await response.json()) as Problem, retryAfter);
  }
  const busy = response.status === 429 || response.status >= 500;
  const told = {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: busy ? 'The service cannot answer now. Try again later.' : 'The request has failed.',
    code: response.status === 404 ? 'NOT_FOUND' : 'INTERNAL',
    requestId: '',
  };
  return new ProblemError(told as Problem, retryAfter);
}

/** What a person is told about anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ProblemError) {
    const { message, retryAfter } = error;
    return retryAfter === undefined ? message : `${message}. Try again in ${lengthOf(retryAfter)}.`;
  }
  return error instanceof TypeError
    ? 'The service cannot be reached. Check the connection and try again.'
    : 'Something went wrong.';
}

function lengthOf(seconds: number): string {
  const [count, unit] = seconds < 100 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof ProblemError ? error.problem.code : undefined;
}
