import { AuthenticateUserInput } from '@app/contract/auth.operations';
import * as field from '../field.js';
import { useAuth } from '../hooks/useAuth.js';
import { useAuthForm } from '../hooks/useAuthForm.js';
import { codeOf } from '../problem.js';
import type { LoginRequest } from '../types/api.types.js';
import { Way } from './auth-card.js';
import { AuthForm } from './auth-form.js';

const FIELDS = { email: field.email('Email'), password: field.text('Password') };

/** Asks who somebody is. */
export function LoginForm() {
  const { signIn } = useAuth();
  const form = useAuthForm({
    fields: FIELDS,
    input: AuthenticateUserInput,
    onSend: (input) => signIn(input as LoginRequest),
  });
  return (
    <AuthForm form={form} action="Sign in">
      {codeOf(form.failure) === 'ACCOUNT_LOCKED' && (
        <p className="text-muted text-sm">
          Too many wrong passwords were tried. A <Way to="/request-reset">new password</Way> lets
          you in at once.
        </p>
      )}
    </AuthForm>
  );
}
