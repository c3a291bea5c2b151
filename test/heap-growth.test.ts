import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The young generation in bytes, after a list of so many objects was built. */
function youngGeneration(flags: readonly string[]): number {
  const code = `
    import { growHeapSlowly } from './src/heap-growth.ts';
    import { getHeapSpaceStatistics } from 'node:v8';
    if (process.argv.includes('slowly')) growHeapSlowly();
    const all = [];
    for (let i = 0; i < 1_000_000; i++) all.push({ i });
    console.log(all.length && getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', code, '--', ...flags];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

test('the young generation stays as small as it is', () => {
  const usual = youngGeneration([]);
  expect(youngGeneration(['slowly'])).toBeLessThan(usual / 2);
});
