import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { lint } from '../../src/lint/lint.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { growingFiles } from '../support/growing-files.ts';

const everyRule = ruleSet(rules, { preset: 'all' });

/** Milliseconds, the least of several runs: other programs can only make it more. */
function timeOf(text: string): number {
  const times = [1, 2, 3].map(() => {
    const start = cpuTime();
    const { failures } = lint({ path: 'Dockerfile', text }, everyRule);
    expect(failures).toEqual([]);
    return cpuTime() - start;
  });
  return Math.min(...times);
}

describe('time to lint', () => {
  // Linear time gives 4, quadratic 16. Below some milliseconds the clock and the compiler have the say.
  it.each(growingFiles)('grows with the number of %s', { timeout: 120_000 }, (_, count, make) => {
    const small = Math.max(timeOf(make(count)), 5);
    expect(timeOf(make(4 * count)) / small).toBeLessThan(8);
  });
});
