import { type ErrorCode, errors } from '@app/contract/errors';

export type ErrorParams = Readonly<Record<string, string | number | boolean>>;

export interface MemberError {
  readonly path: string;
  readonly message: string;
}

/** An expected way to fail: it undoes the operation and becomes the answer. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly errors: readonly MemberError[];
  /** What was written before it lasts: a failed sign-in must be counted. */
  readonly keep: boolean;

  constructor(
    code: ErrorCode,
    params: ErrorParams = {},
    more: { readonly errors?: readonly MemberError[]; readonly keep?: boolean } = {},
  ) {
    super(textOf(code, params));
    this.code = code;
    this.params = params;
    this.errors = more.errors ?? [];
    this.keep = more.keep ?? false;
  }
}

/** Fails with the code unless the condition holds. */
export function ensure(
  condition: boolean,
  code: ErrorCode,
  params: ErrorParams = {},
  more: { readonly keep?: boolean } = {},
): asserts condition {
  if (!condition) {
    throw new Failure(code, params, more);
  }
}

function textOf(code: ErrorCode, params: ErrorParams): string {
  return errors[code].text.replace(/\{(\w+)\}/g, (hole, name: string) =>
    name in params ? String(params[name]) : hole,
  );
}
