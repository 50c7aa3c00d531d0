import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useAddressToken } from '../../account/address-token.js';
import { AuthCard, Way } from '../../components/auth-card.js';
import { Failure, Loading } from '../../components/states.js';
import { ACCOUNT } from '../../hooks/useAuth.js';
import { codeOf } from '../../problem.js';
import { authAPI } from '../../services/authAPI.js';

/** Where the link of a mail leads that confirms an address. */
export function VerifyEmailPage() {
  const token = useAddressToken();
  return (
    <AuthCard title="Confirm your address">
      {token === undefined ? (
        <Useless text="This page is opened by the link of a mail." />
      ) : (
        <Verification token={token} />
      )}
    </AuthCard>
  );
}

/** Sends a token once, however often the page is drawn. */
function Verification({ token }: { readonly token: string }) {
  const client = useQueryClient();
  const { isSuccess, error, refetch } = useQuery({
    queryKey: ['verification', token],
    queryFn: async () => {
      await authAPI.verifyEmail({ token });
      await client.invalidateQueries({ queryKey: ACCOUNT });
      return true;
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isSuccess) {
    return (
      <div role="status" className="space-y-3">
        <p>Your address is confirmed.</p>
        <p>
          <Way to="/">Go on</Way>
        </p>
      </div>
    );
  }
  if (codeOf(error) === 'TOKEN_INVALID') {
    return <Useless text="This link was used already, or it has expired." />;
  }
  return error === null ? <Loading /> : <Failure error={error} onRetry={() => void refetch()} />;
}

function Useless({ text }: { readonly text: string }) {
  return (
    <div role="alert" className="space-y-3">
      <p>{text}</p>
      <p>
        <Way to="/resend-verification">Ask for another link</Way>
      </p>
    </div>
  );
}
