import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openImage } from '../../src/layers/open.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { stack } from '../../src/layers/stack.ts';
import { decide } from '../support/decide.ts';
import { dockerArchive, type Member, tarOf, temporaryFile } from '../support/images.ts';

const noise = (seed: string, bytes: number): Buffer => {
  const block = createHash('sha512').update(seed).digest();
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / block.length) }, () => block)).subarray(0, bytes);
};

async function reasons(...layers: (readonly Member[])[]): Promise<string[]> {
  const bytes = await dockerArchive(await Promise.all(layers.map((members) => tarOf(members))));
  const image = await openImage(temporaryFile(bytes));
  const records = await scanLayers(image);
  const tree = await decide(image, records, stack(records));
  expect(tree.undecided()).toHaveLength(0);
  return tree.layers.flatMap((layer) =>
    [...layer.changes()]
      .filter(({ change }) => change === 'modified')
      .map(({ path, reasons }) => `${layer.layer} ${path}: ${reasons.join(', ')}`),
  );
}

describe('decide', () => {
  it('compares rewrites of equal size byte by byte, to the last one', async () => {
    const large = noise('large', 700_000);
    const late = Buffer.from(large);
    late[late.length - 1] = (late[late.length - 1] as number) ^ 1;
    const early = Buffer.from(large);
    early[0] = (early[0] as number) ^ 1;
    const files = (late: Buffer, early: Buffer, same: Buffer): Member[] => [
      { name: 'late', body: late },
      { name: 'early', body: early },
      { name: 'same', body: same },
      { name: 'small', body: 'abc' },
    ];
    expect(await reasons(files(large, large, large), files(late, early, large))).toEqual([
      '2 early: content',
      '2 late: content',
      '2 same: rewritten',
      '2 small: rewritten',
    ]);
  });

  it('tells neighbours apart, in whatever order they lie, small ones and large ones', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `f${String(i).padStart(2, '0')}`);
    const size = (i: number) => (i % 7 === 0 ? 300_000 : i % 5 === 0 ? 70_000 : 1 + ((i * 997) % 9000));
    const files = (order: readonly string[], changed: (i: number) => boolean): Member[] =>
      order.map((name) => {
        const i = names.indexOf(name);
        const body = Buffer.from(noise(name, size(i)));
        if (changed(i)) body[body.length - 1] = (body[body.length - 1] as number) ^ 1;
        return { name, body };
      });
    const changed = (i: number) => i % 3 === 0;
    const expected = names.map((name, i) => `2 ${name}: ${changed(i) ? 'content' : 'rewritten'}`);
    const shuffled = names.map((_, i) => names[(i * 23) % names.length] as string);
    for (const order of [names, names.toReversed(), shuffled]) {
      expect(
        await reasons(
          files(names, () => false),
          files(order, changed),
        ),
      ).toEqual(expected);
    }
  });

  it('keeps several places of one body apart: a hard link takes the place of two files', async () => {
    const before: Member[] = [
      { name: 'a', body: 'one' },
      { name: 'b', body: 'two' },
      { name: 'c', body: 'one' },
    ];
    const after: Member[] = [
      { name: 'a', body: 'one' },
      { name: 'b', type: 'link', linkname: 'a' },
      { name: 'c', type: 'link', linkname: 'a' },
    ];
    expect(await reasons(before, after)).toEqual(['2 a: rewritten', '2 b: content', '2 c: rewritten']);
  });

  it('follows a body through several layers', async () => {
    const file = (body: string, mode = 0o644): Member[] => [{ name: 'f', body, mode }];
    expect(await reasons(file('aaa'), file('bbb'), file('bbb', 0o600), file('aaa', 0o600))).toEqual([
      '2 f: content',
      '3 f: mode',
      '4 f: content',
    ]);
  });
});
