import { RegisterUserInput } from '@app/contract/auth.operations';
import { defineValidator } from '../validator.js';

/** What somebody sends to register. */
export const registrationRequest = defineValidator({ body: RegisterUserInput });
