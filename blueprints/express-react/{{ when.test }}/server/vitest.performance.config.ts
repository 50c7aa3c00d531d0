import shared from './vitest.config.js';

/** The goals that the plan sets for the time of answers; they are no part of `npm test`. */
export default {
  ...shared,
  test: { ...shared.test, include: ['tests/performance.ts'], testTimeout: 300_000 },
};
