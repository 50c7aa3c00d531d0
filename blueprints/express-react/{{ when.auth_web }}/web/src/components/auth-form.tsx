import type { ReactNode } from 'react';
import type { AuthForm as Form } from '../hooks/useAuthForm.js';
import { messageOf } from '../problem.js';
import { AuthFields } from './auth-fields.js';
import { Button } from './button.js';

interface AuthFormProps {
  readonly form: Form;
  readonly action: string;
  readonly password?: 'current-password' | 'new-password';
  /** What can be done about it when it fails. */
  readonly children?: ReactNode;
}

/** The look of every form about an account. */
export function AuthForm({ form, action, password, children }: AuthFormProps) {
  return (
    <form noValidate onSubmit={form.submit} aria-busy={form.isSending} className="space-y-5">
      {form.failure !== undefined && (
        <div role="alert" className="rounded-lg bg-danger-soft px-4 py-3 text-danger text-sm">
          {messageOf(form.failure)}
        </div>
      )}
      <AuthFields form={form} {...(password === undefined ? {} : { password })} />
      <div className="grid">
        <Button type="submit" look="primary" isBusy={form.isSending}>
          {form.isSending ? `${action} …` : action}
        </Button>
      </div>
      {children}
    </form>
  );
}
