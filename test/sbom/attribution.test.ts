import { describe, expect, test } from 'vitest';
import { type LayerFiles, sbomOfLayers } from '../support/image-of.ts';

const STATUS = 'var/lib/dpkg/status';

function status(...packages: string[]): string {
  return packages
    .map((one) => one.split('@'))
    .map(
      ([name, version]) => `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
    )
    .join('\n');
}

function layersOf(layers: LayerFiles[]): Record<string, number> {
  const { packages } = sbomOfLayers(layers);
  return Object.fromEntries(packages.map(({ name, version, layer }) => [`${name}@${version}`, layer?.index ?? 0]));
}

describe('the layer of a package', () => {
  test('is the one that installed it, not the last that wrote the database', () => {
    const layers = [
      { [STATUS]: status('a@1') },
      { [STATUS]: status('a@1', 'b@1') },
      { [STATUS]: status('a@1', 'b@1', 'c@1') },
    ];
    expect(layersOf(layers)).toEqual({ 'a@1': 1, 'b@1': 2, 'c@1': 3 });
  });

  test('is that of the update when the version changed', () => {
    expect(layersOf([{ [STATUS]: status('a@1', 'b@1') }, { [STATUS]: status('a@2', 'b@1') }])).toEqual({
      'a@2': 2,
      'b@1': 1,
    });
  });

  test('starts anew after a break', () => {
    const layers = [
      { [STATUS]: status('a@1', 'b@1') },
      { [STATUS]: status('b@1') },
      { 'etc/x': '' },
      { [STATUS]: status('a@1', 'b@1') },
    ];
    expect(layersOf(layers)).toEqual({ 'a@1': 4, 'b@1': 1 });
  });

  test('does not move when only the distribution is renamed', () => {
    const layers = [
      { [STATUS]: status('a@1'), 'etc/os-release': 'ID=debian\nVERSION_ID=12\n', 'etc/debian_version': '12.1\n' },
      { 'etc/debian_version': '12.15\n' },
    ];
    const [only] = sbomOfLayers(layers).packages;
    expect(only?.purl).toBe('pkg:deb/debian/a@1?arch=amd64&distro=debian-12.15');
    expect(only?.layer?.index).toBe(1);
  });

  test('a folder that was removed and made again counts from then on', () => {
    const module = { 'app/node_modules/x/package.json': '{"name":"x","version":"1.0.0"}' };
    expect(layersOf([module, { 'app/node_modules': null }, { 'app/index.js': '' }, module])).toEqual({ 'x@1.0.0': 4 });
    expect(layersOf([module, { 'app/index.js': '' }, module])).toEqual({ 'x@1.0.0': 1 });
  });
});

test('what a later layer removed is not listed', () => {
  const { packages } = sbomOfLayers([
    {
      [STATUS]: status('wget@1', 'a@1'),
      'app/node_modules/left-pad/package.json': '{"name":"left-pad","version":"1.3.0"}',
      'app/node_modules/.package-lock.json':
        '{"packages":{"node_modules/left-pad":{"version":"1.3.0","integrity":"sha512-AAAA"}}}',
      'usr/lib/python3/dist-packages/paramiko-1.0.dist-info/METADATA': 'Name: paramiko\nVersion: 1.0\n',
    },
    {
      [STATUS]: status('a@1'),
      'app/node_modules/left-pad': null,
      'usr/lib/python3/dist-packages/paramiko-1.0.dist-info': null,
    },
  ]);
  expect(packages.map(({ name }) => name)).toEqual(['a']);
});

test('a licence is read from below when the image dropped its documentation', () => {
  const { packages } = sbomOfLayers([
    { [STATUS]: status('a@1'), 'usr/share/doc/a/copyright': 'Format: x\n\nFiles: *\nLicense: Expat\n' },
    { 'usr/share/doc': null },
  ]);
  expect(packages[0]).toMatchObject({ declaredLicense: 'Expat', concludedLicense: 'MIT', evidence: [STATUS] });
});

describe('packages that are not there at last', () => {
  const layers = [
    { [STATUS]: status('a@1', 'b@1', 'c@1') },
    { [STATUS]: status('a@2', 'b@1', 'c@1', 'tmp@1') },
    { 'etc/x': '' },
    { [STATUS]: status('a@2', 'c@1') },
    { [STATUS]: status('a@2', 'c@1', 'b@1') },
  ];

  test('are listed with all layers: those that were removed, and those that were replaced', () => {
    const all = sbomOfLayers(layers, {}, true).packages;
    expect(all.map((one) => [one.name, one.version, one.layer?.index, one.removedBy?.index])).toEqual([
      ['a', '1', 1, 2],
      ['a', '2', 2, undefined],
      ['b', '1', 5, undefined],
      ['c', '1', 1, undefined],
      ['tmp', '1', 2, 4],
    ]);
  });

  test('change nothing about the others, and are not listed otherwise', () => {
    const there = sbomOfLayers(layers).packages;
    expect(there.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const all = sbomOfLayers(layers, {}, true).packages;
    expect(all.filter(({ removedBy }) => !removedBy)).toEqual(there);
  });
});
