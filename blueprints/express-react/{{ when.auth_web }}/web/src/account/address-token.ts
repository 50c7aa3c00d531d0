import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

/**
 * The token that the link of a mail has behind its `#`, which no server sees. It is taken out of the
 * address at once, so that no history, bookmark or screenshot has it.
 */
export function useAddressToken(): string | undefined {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState<string>();
  const found = new URLSearchParams(hash.slice(1)).get('token');
  if (found !== null && found !== '' && found !== token) {
    setToken(found);
  }
  useEffect(() => {
    if (hash !== '') {
      void navigate(pathname, { replace: true });
    }
  }, [hash, pathname, navigate]);
  return token;
}
