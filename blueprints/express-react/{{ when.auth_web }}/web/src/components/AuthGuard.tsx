import type { ReactNode } from 'react';
import { Navigate, Outlet, useLocation, useSearchParams } from 'react-router';
import { localPath, signInPath } from '../account/return-path.js';
import { useAuth } from '../hooks/useAuth.js';
import { tokenManager } from '../services/tokenManager.js';
import { Failure, Loading } from './states.js';

interface GuardProps {
  readonly children: ReactNode;
}

/** Shows pages to people who are signed in; others sign in first, and come back. */
export function AuthGuard() {
  const { session } = useAuth();
  const { pathname, search, hash } = useLocation();
  if (session.status === 'signedOut') {
    // Who left on purpose leaves nothing behind for whoever comes next, not even where they were.
    const from = session.reason === 'left' ? '/' : `${pathname}${search}${hash}`;
    return <Navigate to={signInPath(from)} replace />;
  }
  return session.status === 'signedIn' ? <Outlet /> : <Unsettled />;
}

/** Shows a page to people who are not signed in; others are led to where they want to go. */
export function GuestGuard({ children }: GuardProps) {
  const { session } = useAuth();
  const [params] = useSearchParams();
  if (session.status === 'signedIn') {
    return <Navigate to={localPath(params.get('next'))} replace />;
  }
  return session.status === 'signedOut' ? children : <Unsettled />;
}

/** As long as nobody knows whether somebody is signed in. */
function Unsettled() {
  const { session } = useAuth();
  return session.status === 'unreachable' ? (
    <Failure error={session.error} onRetry={() => void tokenManager.restore()} />
  ) : (
    <Loading />
  );
}
