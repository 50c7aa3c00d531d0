/** Why nobody is signed in: somebody signed out, or a session came to its end. */
export type Reason = 'left' | 'expired';

/** Whether somebody is signed in in this browser, as far as this page knows. */
export type SessionState =
  | { readonly status: 'restoring' }
  | { readonly status: 'signedIn' }
  | { readonly status: 'signedOut'; readonly reason?: Reason }
  | { readonly status: 'unreachable'; readonly error: unknown };

/** What pages of the same browser tell one another. */
export type Told = { readonly accessToken: string } | { readonly ended: true };
