import { Controller } from 'react-hook-form';
import { isOptional } from '../form-input.js';
import type { AuthForm } from '../hooks/useAuthForm.js';
import { Labelled } from './labelled.js';
import { PasswordField } from './password-field.js';

/** What password managers and keyboards know fields by. */
const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  email: 'username',
  firstname: 'given-name',
  lastname: 'family-name',
  name: 'name',
  nickname: 'nickname',
  phone: 'tel',
};

interface AuthFieldsProps {
  readonly form: AuthForm;
  /** Whether a password is asked for that is known, or one that is made up now. */
  readonly password?: 'current-password' | 'new-password';
}

/** The fields of a form about an account. */
export function AuthFields({ form, password = 'current-password' }: AuthFieldsProps) {
  return Object.entries(form.fields).map(([name, field]) => (
    <Controller
      key={name}
      name={name}
      control={form.control}
      render={({ field: { value, onChange, onBlur, ref }, fieldState: { error } }) => {
        const shared = { value, onChange, onBlur, inputRef: ref, error: error?.message };
        if (name === 'password') {
          return <PasswordField {...shared} title={field.title} autoComplete={password} />;
        }
        const isFlag = field.kind === 'flag';
        const canBeEmpty = isOptional(form.input.shape[name]);
        return (
          <Labelled
            {...shared}
            field={field}
            autoComplete={AUTOCOMPLETE[name.replaceAll('_', '').toLowerCase()]}
            isRequired={!isFlag && !canBeEmpty}
            isOptional={!isFlag && canBeEmpty}
          />
        );
      }}
    />
  ));
}
