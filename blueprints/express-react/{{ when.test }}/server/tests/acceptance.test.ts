import { beforeEach, describe, it } from 'vitest';
import { criteria } from './criteria.js';
import { Pending, prove } from './criterion.js';
import { harness } from './harness.js';
import { startOver } from './subject.js';

const service = harness();
beforeEach(startOver);

describe('acceptance', () => {
  for (const criterion of criteria) {
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
