import { createHash } from 'node:crypto';
import type { Context } from './context.js';

/**
 * Tokens that say nothing to who has them: 256 random bits behind the time at which they expire. Only their hash
 * is kept. It covers the time as well, so that nobody can make a token last longer.
 */

/** A new token that lasts so many milliseconds, and its hash. */
export async function mintToken(
  context: Context,
  { lasts }: { readonly lasts: number },
): Promise<{ token: string; hash: string }> {
  const expires = context.now.getTime() + lasts;
  const token = `${expires.toString(36)}.${context.newToken()}`;
  return { token, hash: hashOf(token) };
}

/** The hash by which a token is found, and whether it has not expired. */
export async function readToken(
  context: Context,
  { token }: { readonly token: string },
): Promise<{ hash: string; live: boolean }> {
  const expires = Number.parseInt(token.split('.', 1)[0] ?? '', 36);
  return { hash: hashOf(token), live: expires > context.now.getTime() };
}

/** A random text of this length cannot be guessed, so that its hash needs no salt and no work. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
