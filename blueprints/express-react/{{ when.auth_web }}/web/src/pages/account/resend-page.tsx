import { ResendVerificationInput } from '@app/contract/auth.operations';
import { AuthCard } from '../../components/auth-card.js';
import { MailRequest } from '../../components/mail-request.js';
import { authAPI } from '../../services/authAPI.js';

/** Where people ask for another link that confirms their address. */
export function ResendPage() {
  return (
    <AuthCard title="Confirm your address">
      <MailRequest
        input={ResendVerificationInput}
        send={authAPI.resendVerification}
        action="Send a link"
      >
        If this address has an account and is not confirmed yet, a mail with a link is on its way.
      </MailRequest>
    </AuthCard>
  );
}
