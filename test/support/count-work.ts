/*
 * node --import tsx test/support/count-work.ts: prints as JSON how often code of this repository runs while files of two
 * sizes are linted. In a process of its own, because counting would disturb the coverage of the tests.
 */
import { type Profiler, Session } from 'node:inspector';
import { rules } from '../../rules/index.ts';
import { lint } from '../../src/lint/lint.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { growingFiles } from './growing-files.ts';

const everyRule = ruleSet(rules, { preset: 'all' });
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const counts = growingFiles.map(([name, count, make]) => {
  const [small, large] = [count, 4 * count].map((size) => blocksRun(make(size)));
  return { name, small, large };
});
process.stdout.write(`${JSON.stringify(counts)}\n`);

/** Functions, branches and rounds of loops, each time one is entered. */
function blocksRun(text: string): number {
  takeCounts();
  lint({ path: 'Dockerfile', text }, everyRule);
  return takeCounts();
}

/** The sum since the last call. */
function takeCounts(): number {
  let sum = 0;
  session.post('Profiler.takePreciseCoverage', (error, { result }: Profiler.TakePreciseCoverageReturnType) => {
    if (error) throw error;
    for (const { url, functions } of result) {
      if (!url.startsWith('file:')) continue;
      for (const { ranges } of functions) for (const range of ranges) sum += range.count;
    }
  });
  return sum;
}
