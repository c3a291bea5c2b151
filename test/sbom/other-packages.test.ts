import { describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import type { Files } from '../support/memory-tree.ts';

const purls = (files: Files) => catalogFiles(files).components.map(({ purl }) => purl);

test('Bitnami: its list of components, once with the SBOM of each', () => {
  const list = { redis: { arch: 'amd64', distro: 'debian-12', type: 'NAMI', version: '7.2.4-0' }, odd: 'x' };
  const document = {
    spdxVersion: 'SPDX-2.3',
    packages: [
      {
        SPDXID: 'r',
        externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:bitnami/redis@7.2.4-0?arch=amd64' }],
      },
    ],
  };
  expect(
    purls({
      'opt/bitnami/.bitnami_components.json': JSON.stringify(list),
      'opt/bitnami/redis/.spdx-redis.spdx': JSON.stringify(document),
    }),
  ).toEqual(['pkg:bitnami/redis@7.2.4-0?arch=amd64&distro=debian-12']);
});

describe('models', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';

  test('in the cache of Hugging Face, where the snapshot is there', () => {
    const hub = 'root/.cache/huggingface/hub';
    expect(
      purls({
        [`${hub}/models--acme--bert-base/refs/main`]: commit,
        [`${hub}/models--acme--bert-base/snapshots/${commit}/config.json`]: '{}',
        [`${hub}/models--acme--gone/refs/main`]: commit,
        [`${hub}/models--acme--odd/refs/main`]: 'main',
      }),
    ).toEqual([`pkg:huggingface/acme/bert-base@${commit}`]);
  });

  const text = (value: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(value.length));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const head = Buffer.concat([Buffer.from('GGUF'), number(3), Buffer.alloc(16)]);
  const field = (key: string, value: string) => Buffer.concat([text(key), number(8), text(value)]);

  test('GGUF: the general fields of the header, as far as they go', () => {
    const body = Buffer.concat([
      head,
      field('general.architecture', 'llama'),
      Buffer.concat([text('general.quantization_version'), number(4), number(2)]),
      field('general.name', 'Tiny'),
      field('general.version', 'v1.0'),
      field('general.license', 'apache-2.0'),
      Buffer.concat([text('tokenizer.tokens'), number(9), Buffer.alloc(100)]),
    ]);
    const { components } = catalogFiles({ 'models/tiny.gguf': body });
    expect(components).toMatchObject([
      { purl: 'pkg:generic/gguf/Tiny@v1.0', concludedLicense: 'Apache-2.0', occurrences: ['models/tiny.gguf'] },
    ]);
    for (let cut = 24; cut < body.length; cut += 7) catalogFiles({ 'models/tiny.gguf': body.subarray(0, cut) });
    expect(purls({ 'models/none.gguf': Buffer.alloc(100) })).toEqual([]);
  });
});

test('extensions of editors', () => {
  const manifest = (fields: object) =>
    JSON.stringify({ name: 'python', publisher: 'ms-python', version: '2023.25.1', license: 'MIT', ...fields });
  const at = 'home/coder/.local/share/code-server/extensions';
  expect(
    purls({
      [`${at}/ms-python.python-2023.25.1-linux-x64/package.json`]: manifest({ engines: { vscode: '^1.82.0' } }),
      [`${at}/acme.other-1.0.0/package.json`]: manifest({ engines: { node: '>=18' } }),
    }),
  ).toEqual(['pkg:vscode-extension/ms-python/python@2023.25.1?platform=linux-x64']);
});

test('Spack: a package, and what it needs when it runs', () => {
  const node = (name: string, version: string, hash: string, dependencies: object[] = []) => ({
    name,
    version,
    hash,
    dependencies,
  });
  const zlib = node('zlib', '1.2.13', 'zzz');
  const cmake = node('cmake', '3.26', 'ccc');
  const hdf5 = node('hdf5', '1.14.1', 'hhh', [
    { name: 'zlib', hash: 'zzz', parameters: { deptypes: ['build', 'link'] } },
    { name: 'cmake', hash: 'ccc', parameters: { deptypes: ['build'] } },
  ]);
  const spec = (...nodes: object[]) => JSON.stringify({ spec: { _meta: { version: 4 }, nodes } });
  const { components, problems } = catalogFiles({
    'opt/spack/linux/gcc/hdf5-1.14.1-hhh/.spack/spec.json': spec(hdf5, zlib, cmake),
    'opt/spack/linux/gcc/zlib-1.2.13-zzz/.spack/spec.json': spec(zlib),
    'opt/spack/linux/gcc/cmake-3.26-ccc/.spack/spec.json': spec(cmake),
    'opt/spack/odd/.spack/spec.json': '[]',
  });
  expect(components.map(({ purl, dependsOn }) => [purl, dependsOn])).toEqual([
    ['pkg:spack/cmake@3.26?hash=ccc', []],
    ['pkg:spack/hdf5@1.14.1?hash=hhh', ['pkg:spack/zlib@1.2.13?hash=zzz']],
    ['pkg:spack/zlib@1.2.13?hash=zzz', []],
  ]);
  expect(problems).toHaveLength(1);
});

test('packs of SWI-Prolog', () => {
  const text =
    "% a comment\nname(func).\nversion('0.4.2').\ntitle('Function application').\nauthor('A', 'a@example.org').\nhome('https://example.org/func').\n";
  const { components } = catalogFiles({ 'usr/lib/swi-prolog/pack/func/pack.pl': text });
  expect(components).toMatchObject([
    { purl: 'pkg:swiplpack/func@0.4.2', supplier: { name: 'A' }, homepage: 'https://example.org/func' },
  ]);
});
