import { RequestResetInput } from '@app/contract/auth.operations';
import { AuthCard, Way } from '../../components/auth-card.js';
import { MailRequest } from '../../components/mail-request.js';
import { authAPI } from '../../services/authAPI.js';

/** Where people ask for a link that sets a new password. */
export function RequestResetPage() {
  return (
    <AuthCard title="Set a new password">
      <MailRequest input={RequestResetInput} send={authAPI.requestReset} action="Send a link">
        If this address has an account, a mail with a link that sets a new password is on its way.
      </MailRequest>
      <p className="text-muted text-sm">
        <Way to="/login">Sign in</Way>
      </p>
    </AuthCard>
  );
}
