import { errors, jwtVerify, SignJWT } from 'jose';
import type { Config } from './config.js';

/** The one algorithm that is signed with and accepted, whatever a token says of itself. */
const ALGORITHM = 'HS256';

/** A token that says for ACCESS_TTL who somebody is. */
export function signAccessToken(config: Config, now: Date, subject: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(config.JWT_ISSUER)
    .setAudience(config.JWT_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(new Date(now.getTime() + config.ACCESS_TTL))
    .sign(keyOf(config));
}

/** Whose token it is; undefined if it is not one of this service, or no longer. */
export async function readAccessToken(
  config: Config,
  now: Date,
  token: string,
): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, keyOf(config), {
      algorithms: [ALGORITHM],
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate: now,
    });
    return payload.sub;
  } catch (error) {
    if (error instanceof errors.JOSEError) {
      return undefined;
    }
    throw error;
  }
}

function keyOf({ JWT_SECRET }: Config): Uint8Array {
  return new TextEncoder().encode(JWT_SECRET);
}
