import { Bench } from './bench.ts';
import { moving } from './moving.ts';
import { reading } from './reading.ts';
import { refusals } from './refusals.ts';
import { tagging } from './tagging.ts';
import { TARGETS } from './targets.ts';

/**
 * What lib/aws promises, against whatever says it is EC2 and CloudWatch: the cases are the same for every target, only
 * the way the fixture comes into being differs.
 */

jest.setTimeout(120_000);

for (const target of TARGETS) {
  const given = target.absent === undefined;
  const described = given ? describe : describe.skip;
  described(given ? target.name : `${target.name} (left out: ${target.absent})`, () => {
    const bench = new Bench(target);
    beforeAll(() => bench.setUp());
    afterAll(() => bench.tearDown());
    describe('reading', () => {
      reading(bench);
    });
    describe('tagging', () => {
      tagging(bench);
    });
    describe('being refused', () => {
      refusals(bench);
    });
    describe('moving', () => {
      moving(bench);
    });
  });
}
