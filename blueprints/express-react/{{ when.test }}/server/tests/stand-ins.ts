import type { Context } from '../src/context.js';

type Operation = (context: Context, input: never) => Promise<unknown>;

const standing = new Map<Operation, Operation>();

/** A module of operations for each of which another body can stand in, wherever it is called from. */
export function seated(module: object): object {
  const seats = Object.entries(module).map(([name, own]: [string, Operation]) => {
    const seat: Operation = (context, input) => (standing.get(seat) ?? own)(context, input);
    return [name, seat];
  });
  return Object.fromEntries(seats);
}

/** Does something while another body stands in for an operation. */
export async function standIn(
  operation: Operation,
  body: Operation,
  work: () => Promise<void>,
): Promise<void> {
  standing.set(operation, body);
  try {
    await work();
  } finally {
    standing.delete(operation);
  }
}
