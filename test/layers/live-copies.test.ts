import { describe, expect, it } from 'vitest';
import { liveCopies, unhashed } from '../../src/layers/live-copies.ts';
import { stack } from '../../src/layers/stack.ts';
import { baseSums } from '../../src/report/base-sums.ts';
import type { LayerReport } from '../../src/report/image-report.ts';
import { file, hardlink, record, whiteout } from '../support/entries.ts';

const BODY = 'x'.repeat(100);

describe('equal contents at several paths', () => {
  it('are found by digest, hard links and dead files left out', () => {
    const low = record(file('a', BODY), hardlink('a2', 'a'), file('gone', BODY), file('other', 'y'.repeat(100)));
    const high = record(whiteout('gone'), file('b', BODY), file('c', BODY), file('small', 'z'));
    const tree = stack([low, high]);
    const groups = tree.liveOfOneSize(50);
    expect(groups.map((group) => group.map(({ path }) => path))).toEqual([['a', 'other', 'b', 'c']]);
    const digestOf = ({ layer, index }: { layer: number; index: number }) =>
      [low, high][layer - 1]?.entries.digest(index);
    const [copy, ...more] = liveCopies(groups, digestOf, ['FROM x', 'RUN cp a b'], 10);
    expect(more).toEqual([]);
    expect(copy).toMatchObject({ copies: 3, size: 100, bytes: 200, layers: [1, 2] });
    expect(copy?.paths.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    expect(copy?.advice).toContain('symlink');
    expect(unhashed(groups, digestOf)).toEqual([]);
    expect(unhashed(groups, () => undefined)).toHaveLength(4);
  });

  it('are not told of where digests are not known', () => {
    const tree = stack([record(file('a', BODY), file('b', BODY))]);
    expect(liveCopies(tree.liveOfOneSize(1), () => undefined, [], 10)).toEqual([]);
  });
});

it('the sums of a base and of what is above it add up', () => {
  const layers = [
    { index: 1, storedBytes: 100, deadBytes: 30, killedBy: [killer(1, 10), killer(3, 20)] },
    { index: 2, storedBytes: 50, deadBytes: 5, killedBy: [killer(2, 5)] },
    { index: 3, storedBytes: 40, deadBytes: 7, killedBy: [killer(3, 7)] },
  ] as unknown as LayerReport[];
  const { base, own, hiddenBytes } = baseSums(layers, 2);
  expect(base).toEqual({ layers: 2, storedBytes: 150, liveBytes: 115, deadBytes: 15 });
  expect(own).toEqual({ layers: 1, storedBytes: 40, liveBytes: 33, deadBytes: 7 });
  expect(hiddenBytes).toBe(20);
});

function killer(layer: number, bytes: number) {
  return { layer, bytes, instruction: '' };
}
