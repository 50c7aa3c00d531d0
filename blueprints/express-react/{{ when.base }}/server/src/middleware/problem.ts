import { type ErrorCode, errors } from '@app/contract/errors';
import type { Problem } from '@app/contract/problems';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Failure } from '../failure.js';
import type { Logger } from '../logger.js';

/** What no route has taken. */
export const notFound: RequestHandler = () => {
  throw new Failure('NOT_FOUND');
};

/** Answers every failure as problem+json; what nobody expected is logged and told without detail. */
export const problem: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const failure = expected(error) ?? new Failure('INTERNAL');
  const logger = response.locals['logger'] as Logger;
  if (failure.code === 'INTERNAL') {
    logger.error({ error: describe(error) }, 'An operation failed unexpectedly');
  }
  const answer = problemOf(failure, String(response.locals['requestId']));
  response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
};

export function problemOf(failure: Failure, requestId: string): Problem {
  const { code, message, params } = failure;
  return {
    type: `/reference#${code}`,
    title: code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' '),
    status: errors[code].status,
    detail: message,
    code,
    requestId,
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(failure.errors.length === 0 ? {} : { errors: [...failure.errors] }),
  };
}

/** Errors of express and of its body parser say their status. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

function expected(error: unknown): Failure | undefined {
  if (error instanceof Failure) {
    return error;
  }
  const code = BY_STATUS[(error as { status?: number } | undefined)?.status ?? 0];
  return code === undefined ? undefined : new Failure(code);
}

function describe(error: unknown): object {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { value: String(error) };
}
