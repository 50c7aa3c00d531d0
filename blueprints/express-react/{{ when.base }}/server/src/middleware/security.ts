import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Config } from '../config.js';
import { Failure } from '../failure.js';

/** Headers that keep a browser from doing more with an answer than it should. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
  });
}

/** At most so many requests a minute from one address; who sends more is told when to come back. */
export function requestLimit(config: Config): RequestHandler {
  const limit = config.RATE_LIMIT_PER_MINUTE;
  if (limit === 0) {
    return (_request, _response, next) => next();
  }
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new Failure('RATE_LIMITED');
    },
  });
}
