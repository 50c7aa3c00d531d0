import { type ReactNode, useState } from 'react';
import type { z } from 'zod';
import * as field from '../field.js';
import { useAuthForm } from '../hooks/useAuthForm.js';
import { AuthForm } from './auth-form.js';

const FIELDS = { email: field.email('Email') };

interface MailRequestProps {
  readonly input: z.ZodObject;
  readonly send: (input: { readonly email: string }) => Promise<void>;
  readonly action: string;
  /** What is told once it was asked for, which must not say whether there is such an account. */
  readonly children: ReactNode;
}

/** Asks for a mail with a link. Whoever asks is told the same. */
export function MailRequest({ input, send, action, children }: MailRequestProps) {
  const [isSent, setSent] = useState(false);
  const form = useAuthForm({
    fields: FIELDS,
    input,
    onSend: async ({ email }) => {
      await send({ email: String(email) });
      setSent(true);
    },
  });
  return isSent ? <div role="status">{children}</div> : <AuthForm form={form} action={action} />;
}
