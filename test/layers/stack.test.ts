import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diveScore } from '../../src/layers/dive-score.ts';
import type { Entry } from '../../src/layers/entry.ts';
import type { Change, ImageTree, StackedTree } from '../../src/layers/image-tree.ts';
import type { LayerRecord } from '../../src/layers/record.ts';
import { LayerStack, type StackColumns, stack } from '../../src/layers/stack.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { directory, entry, file, hardlink, opaque, record, symlink, whiteout } from '../support/entries.ts';
import { naiveStack } from '../support/naive-stack.ts';

const line = (change: Change): string =>
  `${change.path} ${change.change} ${change.kind} ${change.size} ${change.reasons.join()}`;
const changes = (tree: ImageTree, layer: number): string[] =>
  [...(tree.layers[layer - 1]?.changes() ?? [])].map((change) => line(change).trim());
const paths = (tree: { files(): Iterable<{ path: string }> }): string[] => [...tree.files()].map((one) => one.path);

describe('stack', () => {
  it('hides lower layers only, wherever the whiteout stands in the tar', () => {
    const tree = stack([
      record(directory('d'), file('d/old', 'xx')),
      record(file('d/new', 'yyy'), whiteout('d/new'), whiteout('d/old')),
    ]);
    expect(paths(tree)).toEqual(['d', 'd/new']);
    expect(changes(tree, 2)).toEqual(['d/new added file 3', 'd/old removed file 2']);
    expect(tree.layers[1]?.problems).toEqual({ 'whiteout without target': 1 });
    expect([tree.storedBytes, tree.liveBytes, tree.deadBytes]).toEqual([5, 3, 2]);
  });

  it('empties an opaque directory of what the layers below have, and keeps what stands beside the marker', () => {
    const tree = stack([
      record(directory('d'), file('d/a', 'a'), directory('d/s'), file('d/s/b', 'bb')),
      record(directory('d'), file('d/c', 'ccc'), opaque('d')),
    ]);
    expect(paths(tree)).toEqual(['d', 'd/c']);
    expect(changes(tree, 2)).toEqual([
      'd/a removed file 1',
      'd/c added file 3',
      'd/s removed directory 0',
      'd/s/b removed file 2',
    ]);
  });

  it('keeps a body alive while one hard link is left, also from another layer', () => {
    const tree = stack([
      record(file('a', 'body')),
      record(hardlink('b', 'a')),
      record(whiteout('a')),
      record(whiteout('b')),
    ]);
    expect(tree.upTo(3).get('b')).toMatchObject({ kind: 'file', layer: 1, index: 0, since: 2 });
    expect(tree.layers.map((layer) => layer.deadBytes)).toEqual([4, 0, 0, 0]);
    expect(tree.layers.map((layer) => layer.deadBytesCaused)).toEqual([0, 0, 0, 4]);
    expect([...tree.deadBodies()]).toEqual([{ layer: 1, index: 0, path: 'b', size: 4, killedBy: 4, cause: 'removed' }]);
  });

  it('lists no change of what eStargz and zstd:chunked keep for themselves, and counts its bytes', () => {
    const own = [file('stargz.index.json', '{"entries":[]}'), file('.no.prefetch.landmark', 'x')];
    const tree = stack([
      record(...own, file('a', 'a')),
      record(...own, file('.prefetch.landmark', 'mine'), directory('d')),
    ]);
    expect(changes(tree, 1)).toEqual(['a added file 1']);
    expect(changes(tree, 2)).toEqual(['.prefetch.landmark added file 4', 'd added directory 0']);
    expect(tree.layers.map(({ added, modified, problems }) => [added, modified, Object.values(problems)])).toEqual([
      [1, 0, [2]],
      [2, 0, [2]],
    ]);
    expect([tree.storedBytes, tree.deadBytes]).toEqual([35, 15]);
  });

  it('changes types without a whiteout', () => {
    const tree = stack([
      record(file('a', 'x'), directory('b'), file('b/c', 'yy'), symlink('l', 'b')),
      record(directory('a'), file('a/n', 'n'), file('b', 'zzz'), file('l', 'w')),
    ]);
    expect(paths(tree)).toEqual(['a', 'a/n', 'b', 'l']);
    expect(changes(tree, 2)).toEqual([
      'a modified directory 0 type',
      'a/n added file 1',
      'b modified file 3 type',
      'b/c removed file 2',
      'l modified file 1 type',
    ]);
  });

  it('puts files behind the symlinks of lower layers', () => {
    const tree = stack([record(directory('usr/lib'), symlink('lib', 'usr/lib')), record(file('lib/x', 'x'))]);
    expect(paths(tree)).toEqual(['lib', 'usr', 'usr/lib', 'usr/lib/x']);
    expect(tree.get('lib/x')).toBeUndefined();
    const inner = stack([record(symlink('a', '../../etc'), file('etc/f', 'f')), record(whiteout('a/f'))]);
    expect(paths(inner)).toEqual(['a', 'etc']);
  });

  it('leaves alone what is behind a symlink that the layer itself makes a directory', () => {
    const tree = stack([
      record(directory('real'), file('real/f', 'f'), symlink('d', 'real')),
      record(whiteout('d/f'), directory('d')),
    ]);
    expect(paths(tree)).toEqual(['d', 'real', 'real/f']);
  });

  it('goes on behind loops of symlinks and hard links to nowhere, and says so', () => {
    const tree = stack([record(symlink('a', 'b'), symlink('b', 'a'), file('a/f', 'lost'), hardlink('h', 'none'))]);
    expect(paths(tree)).toEqual(['a', 'b']);
    expect(tree.layers[0]).toMatchObject({
      deadBytes: 4,
      deadBytesCaused: 4,
      problems: { 'path through a loop of symlinks': 1, 'hard link without target': 1 },
    });
  });

  it('tells the reasons of a rewrite apart', () => {
    const old = record(
      file('content', 'a'),
      file('mode', 'a'),
      file('owner', 'a'),
      file('mtime', 'a'),
      file('xattr', 'a'),
      file('same', 'a'),
      symlink('link', 'x'),
      symlink('still', 'x'),
      directory('parent'),
      entry('null', 'character-device', { device: { major: 1, minor: 3 } }),
    );
    const young = record(
      file('content', 'b'),
      file('mode', 'a', { mode: 0o600 }),
      file('owner', 'a', { uid: 7 }),
      file('mtime', 'a', { mtime: 2 }),
      file('xattr', 'a', { xattrs: { 'security.capability': '\x01' } }),
      file('same', 'a', { mtime: 1.5 }),
      symlink('link', 'y'),
      symlink('still', 'x'),
      directory('parent'),
      entry('null', 'character-device', { device: { major: 1, minor: 5 } }),
    );
    expect(changes(stack([old, young]), 2)).toEqual([
      'content modified file 1 content',
      'link modified symlink 0 link',
      'mode modified file 1 mode',
      'mtime modified file 1 mtime',
      'null modified character-device 0 device',
      'owner modified file 1 owner',
      'same modified file 1 rewritten',
      'xattr modified file 1 xattr',
    ]);
  });

  it('names the bodies that decide, and knows the reasons once their contents are', () => {
    const plain = (path: string, size: number): Entry => entry(path, 'file', { size });
    const tree = stack([
      record(plain('same', 5), plain('other', 5), plain('size', 5), plain('empty', 0), plain('alone', 5)),
      record(plain('same', 5), plain('other', 5), plain('size', 6), plain('empty', 0)),
    ]);
    expect([...tree.undecided()]).toEqual([1, 0, 2, 0, 1, 1, 2, 1]);
    const known = tree.withContents(({ layer, index }) =>
      index === 0 ? 'sha256:00' : layer === 1 ? 'sha256:01' : 'sha256:02',
    );
    expect(known.undecided()).toHaveLength(0);
    expect(changes(known, 2)).toEqual([
      'empty modified file 0 rewritten',
      'other modified file 5 content',
      'same modified file 5 rewritten',
      'size modified file 6 content',
    ]);
    expect(known.layers[1]).toMatchObject({ added: 0, modified: 4, removed: 0 });
  });

  it('orders paths by their bytes, with names that are no UTF-8', () => {
    const names = ['a', 'a-b', 'a/b', 'a/\udcff', 'a/é', 'a0', '\u{1f600}', '\ufffd'];
    const tree = stack([record(...names.map((name) => (name === 'a' ? directory(name) : file(name, 'x'))))]);
    expect(changes(tree, 1).map((text) => text.split(' ')[0])).toEqual([
      'a', 'a-b', 'a/b', 'a/é', 'a/\udcff', 'a0', '\ufffd', '\u{1f600}',
    ]); // biome-ignore format: one list
    expect(paths(tree)).toEqual(['a', 'a/b', 'a/é', 'a/\udcff', 'a-b', 'a0', '\ufffd', '\u{1f600}']);
  });

  it('shows the tree after every layer and since when a path is there', () => {
    const tree = stack([record(file('a', '1')), record(whiteout('a')), record(file('a', '2')), record(file('a', '3'))]);
    expect([0, 1, 2, 3, 4, 9].map((layer) => tree.upTo(layer).get('a')?.since)).toEqual([
      undefined,
      1,
      undefined,
      3,
      3,
      3,
    ]);
    expect(tree.upTo(3).get('a')).toMatchObject({ layer: 3, index: 0 });
    expect(paths(tree.upTo(2))).toEqual([]);
  });

  it('counts bodies of no entry as dead', () => {
    const tree = stack([{ ...record(file('a', 'abc')), storedBytes: 10 }]);
    expect([tree.storedBytes, tree.liveBytes, tree.layers[0]?.deadBytes]).toEqual([10, 3, 7]);
  });

  it('takes no more than linear time where directories fill and empty again and again', () => {
    const members = Array.from({ length: 100_000 }, (_, i) => file(`d/${i}`, ''));
    const flips = Array.from({ length: 50_000 }, (_, i) => (i % 2 ? file('d', 'x') : file('d/x', 'x')));
    const markers = Array.from({ length: 50_000 }, () => opaque('d'));
    const start = cpuTime();
    stack([record(directory('d'), ...members), record(...markers, ...flips), record(...flips)]);
    expect(cpuTime() - start).toBeLessThan(10_000);
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'é');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const target = fc.oneof(
  path,
  path.map((to) => `/${to}`),
  path.map((to) => `../${to}`),
  fc.constantFrom('.', '..', '/'),
);
const metadata = fc.record({
  mode: fc.constantFrom(0o644, 0o600),
  uid: fc.constantFrom(0, 1),
  mtime: fc.constantFrom(1, 2),
});
const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(path, fc.constantFrom('', 'x', 'y', 'zz'), metadata)
      .map(([at, body, meta]) => file(at, body, meta)),
  },
  { weight: 3, arbitrary: fc.tuple(path, metadata).map(([at, meta]) => directory(at, meta)) },
  { weight: 2, arbitrary: fc.tuple(path, target).map(([at, to]) => symlink(at, to)) },
  { weight: 2, arbitrary: fc.tuple(path, path).map(([at, to]) => hardlink(at, to)) },
  { weight: 2, arbitrary: path.map(whiteout) },
  { weight: 1, arbitrary: fc.oneof(path, fc.constant('')).map(opaque) },
);

/** Lays the lowest layers, keeps what they amount to as a cache does, and goes on from there. */
function resumed(records: readonly LayerRecord[], lowest: number): StackedTree {
  const first = new LayerStack(0);
  for (const one of records.slice(0, lowest)) first.add(one);
  const second = new LayerStack(deserialize(serialize(first.columns())) as StackColumns);
  for (const one of records) second.add(one);
  expect(diveScore(records, second.tree().names)).toEqual(diveScore(records));
  return second.tree();
}

describe('stack against a naive model', () => {
  it.each([
    ['in one go', (records: readonly LayerRecord[]) => stack(records)],
    ['from the lowest one on', (records: readonly LayerRecord[]) => resumed(records, 1)],
    ['from the middle on', (records: readonly LayerRecord[]) => resumed(records, records.length >> 1)],
    ['with nothing left to do', (records: readonly LayerRecord[]) => resumed(records, records.length)],
  ])('agrees on trees, changes and dead bytes of random layers, laid %s', (_, lay) => {
    fc.assert(
      fc.property(fc.array(fc.array(anyEntry, { maxLength: 12 }), { maxLength: 5 }), (layers) => {
        const naive = naiveStack(layers);
        const tree = lay(layers.map((entries) => record(...entries)));
        naive.layers.forEach((expected, i) => {
          const layer = tree.layers[i];
          expect([layer?.storedBytes, layer?.deadBytes, layer?.deadBytesCaused]).toEqual([
            expected.stored,
            expected.dead,
            expected.caused,
          ]);
          expect([...(layer?.changes() ?? [])].map(line)).toEqual(expected.changes);
          expect((layer?.added ?? 0) + (layer?.modified ?? 0) + (layer?.removed ?? 0)).toBe(expected.changes.length);
        });
        naive.views.forEach((view, i) => {
          const files = [...tree.upTo(i).files()];
          const where = files.map((one) => [one.path, one.index === -1 ? null : [one.layer, one.entry]]);
          const expected = [...view].map(([at, inode]) => [at, inode && [inode.layer, inode.entry]]);
          expect(where.sort()).toEqual(expected.sort());
          for (const one of files) expect(tree.upTo(i).get(one.path)).toEqual(one);
        });
        const isThere = (at: string, i: number): boolean => naive.views[i]?.has(at) ?? false;
        for (const one of tree.files()) {
          expect(isThere(one.path, one.since)).toBe(true);
          for (let i = one.since; i <= layers.length; i++) expect(isThere(one.path, i)).toBe(true);
          expect(isThere(one.path, one.since - 1)).toBe(false);
        }
        expect(tree.liveBytes + tree.deadBytes).toBe(tree.storedBytes);
      }),
      { numRuns: 2000 },
    );
  });
});
