import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Work {
  readonly name: string;
  readonly small: number;
  readonly large: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

test('work grows no faster than the file', { timeout: 300_000 }, () => {
  const args = ['--import', 'tsx', 'test/support/count-work.ts'];
  const counts = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })) as Work[];
  expect(counts.length).toBeGreaterThan(10);
  // The larger file is four times as large: linear work gives 4 at the most, quadratic work 16.
  const tooMuch = counts.filter(({ small, large }) => large / small > 4.8);
  expect(tooMuch).toEqual([]);
  for (const { small } of counts) expect(small).toBeGreaterThan(1000);
});
