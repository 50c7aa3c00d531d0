import type { ErrorCode } from '@app/contract/errors';
import type { z } from 'zod';
import type { Context } from './context.js';
import type { Validator } from './validator.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One endpoint, as the server mounts it and as the OpenAPI document describes it. */
export interface Route {
  /** `service.operation`. */
  readonly operation: string;
  readonly title: string;
  readonly method: Method;
  /** Parameters stand in braces: `/tasks/{id}`. */
  readonly path: string;
  readonly status: number;
  readonly request: Validator<unknown>;
  readonly response?: z.ZodType;
  /** Where a created row is found; braces are filled from the answer. */
  readonly location?: string;
  readonly errors: readonly ErrorCode[];
  readonly run: (context: Context, input: never) => Promise<unknown>;
}

interface RouteOptions<Input, Output> extends Omit<Route, 'request' | 'response' | 'run'> {
  readonly request: Validator<Input>;
  readonly response?: z.ZodType<Output>;
  readonly run: (context: Context, input: Input) => Promise<Output>;
}

/** Checks that request, operation and response fit together. */
export function route<Input, Output>(options: RouteOptions<Input, Output>): Route {
  return options;
}
