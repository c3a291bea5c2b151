import { describe, expect, test } from 'vitest';
import { diffConfigs } from '../../src/layers/diff-config.ts';
import { diffLayers } from '../../src/layers/diff-layers.ts';
import { diffTrees } from '../../src/layers/diff-trees.ts';
import { stackImage } from '../../src/layers/stacked-image.ts';
import { type Config, dockerArchive, type Member, OciFiles, tarOf, temporaryFile } from '../support/images.ts';

async function plain(layers: readonly (readonly Member[])[], config: Config = {}) {
  const tars = await Promise.all(layers.map((members) => tarOf(members)));
  return await stackImage(temporaryFile(await dockerArchive(tars, 'app:1', config)));
}

async function gzipped(layers: readonly (readonly Member[])[], config: Config = {}) {
  const files = new OciFiles();
  const tars = await Promise.all(layers.map((members) => tarOf(members)));
  return await stackImage(temporaryFile(await files.top([files.manifest(tars, config)]).archive()));
}

const base: Member[] = [
  { name: 'same', body: 'same' },
  { name: 'sized', body: 'aaaa' },
  { name: 'longer', body: 'a' },
  { name: 'mode', body: 'm', mode: 0o644 },
  { name: 'owner', body: 'o', uid: 1 },
  { name: 'time', body: 't', mtime: new Date(1e12) },
  { name: 'link', type: 'symlink', linkname: 'same' },
  { name: 'kind', body: 'a file' },
  { name: 'xattr', body: 'x', pax: { 'SCHILY.xattr.user.note': 'one' } },
  { name: 'gone/a', body: 'a' },
];
const other: Member[] = [
  { name: 'same', body: 'same' },
  { name: 'sized', body: 'bbbb' },
  { name: 'longer', body: 'aa' },
  { name: 'mode', body: 'm', mode: 0o4755 },
  { name: 'owner', body: 'o', uid: 2 },
  { name: 'time', body: 't', mtime: new Date(2e12) },
  { name: 'link', type: 'symlink', linkname: 'mode' },
  { name: 'kind/', type: 'directory' },
  { name: 'xattr', body: 'x', pax: { 'SCHILY.xattr.user.note': 'two' } },
  { name: 'new', body: 'n' },
];
const expected = [
  ['changed', 'kind', ['type']],
  ['changed', 'link', ['link']],
  ['changed', 'longer', ['content']],
  ['changed', 'mode', ['mode']],
  ['changed', 'owner', ['owner']],
  ['changed', 'sized', ['content']],
  ['changed', 'time', ['mtime']],
  ['changed', 'xattr', ['xattr']],
  ['removed', 'gone', []],
  ['removed', 'gone/a', []],
  ['added', 'new', []],
];

describe('diffTrees', () => {
  test.each([
    ['plain', 'plain'],
    ['plain', 'gzip'],
    ['gzip', 'plain'],
    ['gzip', 'gzip'],
  ])('%s beside %s: every reason, and nothing that is alike', async (first, second) => {
    const before = await (first === 'plain' ? plain : gzipped)([base]);
    const after = await (second === 'plain' ? plain : gzipped)([other]);
    const found = (await diffTrees(before, after)).map(({ change, path, reasons }) => [change, path, reasons]);
    expect(found.sort()).toEqual([...expected].sort());
  });

  test('how it is cut into layers makes no difference, and what is ignored none either', async () => {
    const squashed = await gzipped([base]);
    const layered = await plain([
      base.slice(0, 4),
      base.slice(4),
      [{ name: 'temporary', body: 'x' }],
      [{ name: '.wh.temporary', body: '' }],
    ]);
    expect(await diffTrees(squashed, layered)).toEqual([]);
    const ignore = ['type', 'content', 'link', 'mode', 'owner', 'xattr', 'mtime'] as const;
    const left = await diffTrees(squashed, await plain([other]), { ignore });
    expect(left.map(({ path }) => path)).toEqual(['gone', 'gone/a', 'new']);
    expect(await diffTrees(squashed, await plain([other]), { globs: ['/sam*'] })).toEqual([]);
    const below = await diffTrees(squashed, await plain([other]), { globs: ['./gone/'], ignore });
    expect(below.map(({ path }) => path)).toEqual(['gone', 'gone/a']);
    expect(await diffTrees(squashed, await plain([other]), { globs: ['/'], ignore })).toEqual(left);
    await expect(diffTrees(squashed, layered, { globs: ['gonee/**', 'x'] })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: 'no path of either image matches gonee/** or x',
    });
  });
});

test('configs: what differs by name, secrets compared and not shown', async () => {
  const before = await plain([base], {
    config: { User: 'app', Env: ['A=1', 'DB_PASSWORD=hunter2!'], Labels: { x: '1' } },
  });
  const after = await plain([base], {
    config: { Env: ['A=1', 'DB_PASSWORD=hunter3!'], Labels: { x: '2' }, ExposedPorts: { '80/tcp': {} } },
  });
  expect(diffConfigs(before.image, after.image)).toEqual([
    { name: 'user', before: 'app', after: null },
    { name: 'env DB_PASSWORD', before: '********', after: '********' },
    { name: 'label x', before: '1', after: '2' },
    { name: 'port 80/tcp', before: null, after: 'exposed' },
  ]);
});

test('layers: aligned by what they hold', async () => {
  const history = (words: string[]) => ({ history: words.map((created_by) => ({ created_by })) });
  const [one, two, three]: Member[][] = [
    [{ name: 'a', body: 'aa' }],
    [{ name: 'b', body: 'b' }],
    [{ name: 'c', body: 'cccc' }],
  ];
  const before = await plain([one as Member[], two as Member[]], history(['RUN one', 'RUN two']));
  const after = await gzipped(
    [one as Member[], three as Member[], two as Member[]],
    history(['RUN one', 'RUN three', 'RUN two']),
  );
  const { shared, sharedBytes, steps } = diffLayers(before, after);
  expect([shared, sharedBytes]).toEqual([2, 3]);
  expect(steps.map(({ change, instruction, layer }) => [change, instruction, layer])).toEqual([
    ['same', 'RUN one', 1],
    ['added', 'RUN three', 2],
    ['same', 'RUN two', 3],
  ]);
});
