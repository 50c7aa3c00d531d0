import { beforeEach, describe, it } from 'vitest';
import { criteria } from './criteria.js';
import { Pending, prove } from './criterion.js';
import { harness } from './harness.js';
import { startOver } from './subject.js';
import { trials } from './trials.js';

const service = harness();
beforeEach(startOver);

describe.each([
  ['acceptance', criteria],
  ['operations', trials],
])('%s', (_kind, proofs) => {
  for (const criterion of proofs) {
    it(`${criterion.id} ${criterion.title}`, async ({ skip }) => {
      try {
        await prove(service, criterion);
      } catch (error) {
        if (error instanceof Pending) {
          skip(`pending: ${error.message}`);
        }
        throw error;
      }
    });
  }
});
