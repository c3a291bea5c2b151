import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LayerTree, StackedTree } from '../../src/layers/image-tree.ts';
import { stack } from '../../src/layers/stack.ts';
import { stackImage } from '../../src/layers/stacked-image.ts';
import { directory, file, opaque, record, symlink, whiteout } from '../support/entries.ts';
import { shared } from '../support/shared.ts';

const small = stack([
  record(directory('etc'), file('etc/passwd', 'root'), file('etc/group', 'wheel:'), symlink('bin', 'usr/bin')),
  record(file('etc/passwd', 'root and me'), file('opt/tool/run', '#!')),
  record(whiteout('opt'), opaque('etc'), file('etc/shadow', 'x')),
]);

function children({ order: { starts, nodes }, listed: isListed }: LayerTree, node: number): Int32Array {
  return nodes.slice(starts[node], starts[node + 1]).filter((child) => isListed[child] === 1);
}

/** Every listed path, depth first, as `sign path bytes`. */
function listed(tree: LayerTree, node = 0): string[] {
  return [...children(tree, node)].flatMap((child) => {
    const sign = { added: '+', modified: '~', removed: '-', none: ' ' }[tree.change(child) ?? 'none'] ?? ' ';
    return [`${sign} ${tree.path(child)} ${tree.bytes[child]}`, ...listed(tree, child)];
  });
}

test('a tree has what exists and what was removed, marked', () => {
  expect(listed(small.layerTree(2, 2))).toEqual([
    '  bin 0',
    '  etc 17',
    '  etc/group 6',
    '~ etc/passwd 11',
    '  opt 2',
    '  opt/tool 2',
    '+ opt/tool/run 2',
  ]);
  expect(listed(small.layerTree(3, 3))).toEqual([
    '  bin 0',
    '  etc 1',
    '- etc/group 6',
    '- etc/passwd 11',
    '+ etc/shadow 1',
    '  opt 2',
    '  opt/tool 2',
    '- opt/tool/run 2',
  ]);
});

test('changes of several layers are taken together', () => {
  expect(listed(small.layerTree(3, 2))).toEqual([
    '  bin 0',
    '  etc 1',
    '- etc/group 6',
    '- etc/passwd 4',
    '+ etc/shadow 1',
  ]);
});

test('sums of changes, and what a path is', () => {
  const tree = small.layerTree(3, 3);
  const at = (path: string) => tree.locate(path);
  expect([tree.changesBelow[0], tree.changedBytes[0], tree.bytes[0]]).toEqual([4, 20, 1]);
  expect(tree.shown(at('etc/passwd'))).toMatchObject({ kind: 'file', size: 11, layer: 2, isNamed: true });
  expect(tree.shown(at('etc'))).toMatchObject({ kind: 'directory', isNamed: true });
  expect(small.layerTree(2, 2).shown(at('opt'))).toMatchObject({ kind: 'directory', layer: 2, isNamed: false });
  expect(small.layerTree(2, 2).reasons(at('etc/passwd'))).toEqual(['content']);
  expect(tree.reasons(at('etc/shadow'))).toEqual([]);
  expect(at('nowhere')).toBe(-1);
});

const folder = shared('images/archives');
const archives = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.tar'));

describe.skipIf(!folder)('on real archives', () => {
  test.each(archives)('%s: the same changes as the list, the same paths as the view', async (name) => {
    let tree: StackedTree;
    try {
      ({ tree } = await stackImage(join(folder as string, name)));
    } catch {
      return; // Not every archive holds an image; what is refused is tested with `openImage`.
    }
    for (const { layer, changes } of tree.layers) {
      const shown = tree.layerTree(layer, layer);
      const all = everyNode(shown);
      const marked = all.flatMap((node) => {
        const change = shown.change(node);
        return change ? [`${change} ${shown.path(node)} ${shown.shown(node).size} ${shown.reasons(node)}`] : [];
      });
      const told = [...changes()].map(({ change, path, size, reasons }) => `${change} ${path} ${size} ${reasons}`);
      expect(marked.sort()).toEqual(told.sort());
      const there = all.filter((node) => shown.change(node) !== 'removed').map((node) => shown.path(node));
      const view = new Set([...tree.upTo(layer).files()].map(({ path }) => path));
      expect(new Set(there.filter((path) => view.has(path)))).toEqual(view);
    }
  });
});

function everyNode(tree: LayerTree): number[] {
  const all: number[] = [];
  const todo = [0];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    for (const child of children(tree, node)) {
      all.push(child);
      todo.push(child);
    }
  }
  return all;
}
