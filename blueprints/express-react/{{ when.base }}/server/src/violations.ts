import type { ErrorCode } from '@app/contract/errors';
import { Failure } from './failure.js';

/** What a violated constraint means to the caller. */
export interface Constraint {
  readonly code?: ErrorCode;
  /** The member of the input that it is about. */
  readonly path?: string;
}

const MEANINGS: Readonly<Record<string, ErrorCode>> = {
  '22000': 'VALIDATION_FAILED',
  '22001': 'VALIDATION_FAILED',
  '22003': 'VALIDATION_FAILED',
  '22007': 'VALIDATION_FAILED',
  '22008': 'VALIDATION_FAILED',
  '22009': 'VALIDATION_FAILED',
  '22012': 'VALIDATION_FAILED',
  '22P02': 'VALIDATION_FAILED',
  '22P05': 'VALIDATION_FAILED',
  '23502': 'VALIDATION_FAILED',
  '23505': 'CONFLICT',
  '23514': 'VALIDATION_FAILED',
  '23P01': 'CONFLICT',
};

/** States that pass: lost connections, deadlocks, timeouts, restarts, full servers. */
const PASSING = /^(?:08|40|53|57)[0-9A-Z]{3}$|^(?:25006|25P03|55P03)$/;
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT'];
/** The driver says in words what it notices itself. */
const LOST = /^Connection terminated|^timeout exceeded when trying|not queryable$/;

/** Whether the database is busy or out of reach, so that the same request may work a moment later. */
export function isPassing(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
  return PASSING.test(String(code)) || NETWORK.includes(String(code)) || LOST.test(String(message));
}

/** The failure that an error of the database stands for; undefined if it is not one of ours. */
export function failureOf(
  error: unknown,
  constraints: Readonly<Record<string, Constraint>>,
  broken: 'CONFLICT' | 'IN_USE',
): Failure | undefined {
  const { code: state, constraint: name } = error as { code?: string; constraint?: string };
  // Expressions raise it in the only way that plain SQL has: a text that is no number.
  if (state === '22P02' && String(error).includes('CURRENCY_MISMATCH')) {
    return new Failure('CURRENCY_MISMATCH');
  }
  const isReference = state === '23503' || state === '23001';
  const meaning = isReference ? broken : MEANINGS[state ?? ''];
  if (meaning === undefined) {
    return undefined;
  }
  const isInUse = isReference && broken === 'IN_USE';
  const { code = meaning, path } = (isInUse ? undefined : constraints[name ?? '']) ?? {};
  const message = isReference ? 'refers to nothing' : 'is refused';
  const isAboutInput = path !== undefined && broken !== 'IN_USE';
  return new Failure(code, {}, isAboutInput ? { errors: [{ path, message }] } : {});
}
