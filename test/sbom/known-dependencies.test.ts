import { expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import type { Files } from '../support/memory-tree.ts';

/** Names of the packages of which all dependencies are known. */
const complete = (files: Files) =>
  catalogFiles(files)
    .components.filter(({ knowsDependencies }) => knowsDependencies)
    .map(({ name }) => name);

test('npm: what the manifest asks for is there, but for what is optional', () => {
  const module = (name: string, more: object) => ({
    [`app/node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...more }),
  });
  expect(
    complete({
      ...module('leaf', {}),
      ...module('whole', { dependencies: { leaf: '^1' } }),
      ...module('broken', { dependencies: { leaf: '^1', gone: '^1' } }),
      ...module('optional', { dependencies: { fsevents: '^2' }, optionalDependencies: { fsevents: '^2' } }),
      ...module('peers', { peerDependencies: { leaf: '^1' } }),
      ...module('no-peer', { peerDependencies: { gone: '^1' } }),
      ...module('optional-peer', {
        peerDependencies: { gone: '^1' },
        peerDependenciesMeta: { gone: { optional: true } },
      }),
    }),
  ).toEqual(['leaf', 'optional-peer', 'optional', 'peers', 'whole']);
});

test('npm: of a module in two places both have to be whole', () => {
  const a = JSON.stringify({ name: 'a', version: '1.0.0', dependencies: { b: '^1' } });
  const b = JSON.stringify({ name: 'b', version: '1.0.0' });
  const here = { 'app/node_modules/a/package.json': a, 'app/node_modules/b/package.json': b };
  expect(complete(here)).toEqual(['a', 'b']);
  expect(complete({ ...here, 'srv/node_modules/a/package.json': a })).toEqual(['b']);
});

test('Python: requirements of extras count only where somebody wants them; older metadata may not say', () => {
  const wheel = (name: string, ...requires: string[]) => ({
    [`s/${name}-1.0.dist-info/METADATA`]: [
      `Name: ${name}`,
      'Version: 1.0',
      ...requires.map((one) => `Requires-Dist: ${one}`),
    ].join('\n'),
  });
  expect(
    complete({
      ...wheel('leaf'),
      ...wheel('whole', 'leaf>=1', 'gone; extra == "test"'),
      ...wheel('broken', 'gone'),
      ...wheel('wanted', 'gone; extra == "all"'),
      ...wheel('wants', 'wanted[all]'),
      's/old.egg-info/PKG-INFO': 'Name: old\nVersion: 1.0\n',
    }),
  ).toEqual(['leaf', 'wants', 'whole']);
});
