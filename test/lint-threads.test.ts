import { expect, test } from 'vitest';
import { lintAll, takeFrom } from '../src/lint-threads.ts';

test('threads take every index once', () => {
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const [one, other] = [takeFrom(taken, 100)[Symbol.iterator](), takeFrom(taken, 100)[Symbol.iterator]()];
  const seen: number[] = [];
  for (let i = 0; i < 20; i++) for (const each of [one, other]) seen.push(...(each.next().value ?? []));
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('results come in the order of the paths, and progress is told', async () => {
  const paths = Array.from({ length: 40 }, (_, i) => `${i}`);
  const told: number[] = [];
  const results = await lintAll(paths, (path) => ({ path, error: new Error(path) as never }), {
    shared: undefined,
    stdinName: '-',
    onProgress: (done) => told.push(done),
  });
  expect(results.map((each) => 'path' in each && each.path)).toEqual(paths);
  expect(told).toEqual([0, 16, 32]);
});
