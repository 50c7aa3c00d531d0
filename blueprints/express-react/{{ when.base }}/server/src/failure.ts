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

  constructor(code: ErrorCode, params: ErrorParams = {}, errors: readonly MemberError[] = []) {
    super(textOf(code, params));
    this.code = code;
    this.params = params;
    this.errors = errors;
  }
}

/** Fails with the code unless the condition holds. */
export function ensure(
  condition: boolean,
  code: ErrorCode,
  params: ErrorParams = {},
): asserts condition {
  if (!condition) {
    throw new Failure(code, params);
  }
}

function textOf(code: ErrorCode, params: ErrorParams): string {
  return errors[code].text.replace(/\{(\w+)\}/g, (hole, name: string) =>
    name in params ? String(params[name]) : hole,
  );
}
