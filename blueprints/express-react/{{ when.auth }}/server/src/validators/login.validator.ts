import { AuthenticateUserInput } from '@app/contract/auth.operations';
import { defineValidator } from '../validator.js';

/** What somebody sends to sign in. */
export const loginRequest = defineValidator({ body: AuthenticateUserInput });
