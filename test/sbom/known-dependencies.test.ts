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

test('npm: members of a workspace are modules, where the link to them is there', () => {
  const lock = {
    packages: {
      'node_modules/@acme/local': { resolved: 'packages/local', link: true },
      'packages/local': { name: '@acme/local', version: '0.2.0', license: 'MIT', dependencies: { leaf: '^1' } },
      'node_modules/gone': { resolved: 'packages/gone', link: true },
      'packages/gone': { version: '1.0.0' },
      'node_modules/leaf': { version: '1.0.0' },
    },
  };
  const { components, problems } = catalogFiles({
    'app/node_modules/.package-lock.json': JSON.stringify(lock),
    'app/node_modules/leaf/package.json': '{"name":"leaf","version":"1.0.0"}',
    'app/node_modules/@acme/local': { link: '../../packages/local' },
    'app/packages/local/package.json': '{"name":"@acme/local","version":"0.2.0"}',
  });
  expect(problems).toEqual([]);
  expect(components.map(({ purl, occurrences, dependsOn }) => ({ purl, occurrences, dependsOn }))).toEqual([
    {
      purl: 'pkg:npm/%40acme/local@0.2.0',
      occurrences: ['app/packages/local/package.json'],
      dependsOn: ['pkg:npm/leaf@1.0.0'],
    },
    { purl: 'pkg:npm/leaf@1.0.0', occurrences: ['app/node_modules/leaf/package.json'], dependsOn: [] },
  ]);
});
