import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from '../logger.js';

/** Gives each request an id and a logger that carries it, and logs how the request ended. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const given = request.get('X-Request-Id') ?? '';
    const requestId = /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    const child = logger.child({ requestId });
    response.locals['requestId'] = requestId;
    response.locals['logger'] = child;
    response.set('X-Request-Id', requestId);
    response.on('close', () => {
      child.info(
        {
          method: request.method,
          // Without the query, which may carry what someone searched for.
          path: request.path,
          status: response.statusCode,
          milliseconds: Math.round(performance.now() - started),
          ...(response.writableFinished ? {} : { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
