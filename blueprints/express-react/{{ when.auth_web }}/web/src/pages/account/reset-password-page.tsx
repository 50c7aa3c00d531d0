import { ResetPasswordInput } from '@app/contract/auth.operations';
import { useNavigate } from 'react-router';
import { useAddressToken } from '../../account/address-token.js';
import { AuthCard, Way } from '../../components/auth-card.js';
import { AuthForm } from '../../components/auth-form.js';
import * as field from '../../field.js';
import { useAuthForm } from '../../hooks/useAuthForm.js';
import { codeOf } from '../../problem.js';
import { authAPI } from '../../services/authAPI.js';
import { tokenManager } from '../../services/tokenManager.js';
import { tell } from '../../toasts.js';

const FIELDS = { password: field.text('New password') };

/** Where the link of a mail leads that sets a new password. */
export function ResetPasswordPage() {
  const token = useAddressToken();
  return (
    <AuthCard title="Set a new password">
      {token === undefined ? (
        <Useless text="This page is opened by a link of a mail. A link works once, and not for ever." />
      ) : (
        <ResetForm token={token} />
      )}
    </AuthCard>
  );
}

function ResetForm({ token }: { readonly token: string }) {
  const navigate = useNavigate();
  const form = useAuthForm({
    fields: FIELDS,
    input: ResetPasswordInput,
    onSend: async ({ password }) => {
      await authAPI.reset({ token, password: String(password) });
      // A new password signs out everywhere, here as well.
      tokenManager.end('left');
      tell('Your password was changed. Sign in with it.');
      await navigate('/login');
    },
  });
  return codeOf(form.failure) === 'TOKEN_INVALID' ? (
    <Useless text="This link was used already, or it has expired." />
  ) : (
    <AuthForm form={form} action="Set password" password="new-password" />
  );
}

function Useless({ text }: { readonly text: string }) {
  return (
    <div role="alert" className="space-y-3">
      <p>{text}</p>
      <p>
        <Way to="/request-reset">Ask for another link</Way>
      </p>
    </div>
  );
}
