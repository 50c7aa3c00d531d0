import { beforeEach, expect, it } from 'vitest';
import { describeIf } from './conditional.js';
import { criteria } from './criteria.js';
import { Pending, prove } from './criterion.js';
import { harness } from './harness.js';
import { standIn } from './stand-ins.js';
import { startOver } from './subject.js';
import { wrongBodies } from './wrong-bodies.js';

const service = harness();
beforeEach(startOver);

/** A criterion that a plausible but wrong body passes proves nothing about the slot. */
describeIf(wrongBodies.length > 0)('wrong bodies of slots', () => {
  for (const { slot, name, stands, body, provenBy } of wrongBodies) {
    it(`${slot}: ${name} is refused by ${provenBy.join(' or ')}`, async ({ skip }) => {
      const passed: string[] = [];
      for (const criterion of criteria.filter(({ id }) => provenBy.includes(id))) {
        await service.empty();
        startOver();
        try {
          await standIn(stands, body, () => prove(service, criterion));
          passed.push(criterion.id);
        } catch (error) {
          if (error instanceof Pending) {
            skip(`pending: ${error.message}`);
          }
        }
      }
      expect(passed, 'criteria that the wrong body passes').not.toEqual(provenBy);
    });
  }
});
