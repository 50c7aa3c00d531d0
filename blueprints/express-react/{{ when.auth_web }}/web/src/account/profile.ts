import type { Fields } from '../form-input.js';
import type { Sending } from '../resource.js';

/** What a profile shows, and how its owner changes it, if they can. */
export interface Profile {
  readonly fields: Fields;
  readonly update?: Sending;
  readonly isVersioned?: boolean;
}

export function defineProfile(declared: Profile): Profile {
  return declared;
}
