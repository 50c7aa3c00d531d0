import type { RequestHandler } from 'express';

/** What asks for a mail: to write a row for somebody takes longer than to find nobody. */
export const ASKS_FOR_MAIL = ['/auth/request-reset', '/auth/resend-verification'];

/** How long after a request its answer leaves, in milliseconds. */
const HELD = 100;

/** Holds answers back until the same time after each request, so that what they took tells nothing. */
export function heldBack(): RequestHandler {
  return (_request, response, next) => {
    const due = performance.now() + HELD;
    const end = response.end.bind(response);
    response.end = ((...last: Parameters<typeof end>) => {
      setTimeout(() => end(...last), due - performance.now());
      return response;
    }) as typeof end;
    next();
  };
}
