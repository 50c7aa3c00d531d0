import { useSearchParams } from 'react-router';
import { AuthCard, Way } from '../../components/auth-card.js';
import { LoginForm } from '../../components/LoginForm.js';
import { useAuth } from '../../hooks/useAuth.js';

/** Where people sign in, and are led back to where they came from. */
export function LoginPage() {
  const { session } = useAuth();
  const [params] = useSearchParams();
  const hasEnded = session.status === 'signedOut' && session.reason === 'expired';
  const query = params.size === 0 ? '' : `?${params}`;
  return (
    <AuthCard title="Sign in">
      {hasEnded && <p role="status">Your session has ended. Sign in again to go on.</p>}
      <LoginForm />
      <p className="text-muted text-sm">
        <Way to="/request-reset">Forgot your password?</Way>
      </p>
      <p className="text-muted text-sm">
        No account yet? <Way to={`/register${query}`}>Register</Way>
      </p>
    </AuthCard>
  );
}
