const HERE = 'http://here.invalid';

/**
 * Where to go after signing in: a page of this application, and nothing else. An address that leads
 * elsewhere, by whatever spelling, is not followed.
 */
export function localPath(asked: string | null): string {
  if (asked === null || !asked.startsWith('/') || !URL.canParse(asked, HERE)) {
    return '/';
  }
  const { origin, pathname, search, hash } = new URL(asked, HERE);
  return origin === HERE && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/';
}

/** The page to sign in on, which leads back to where one was. */
export function signInPath(from: string): string {
  return from === '/' ? '/login' : `/login?${new URLSearchParams({ next: from })}`;
}
