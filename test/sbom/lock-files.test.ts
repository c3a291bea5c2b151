import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogersIndex } from '../../scripts/catalogers.ts';
import { catalog } from '../../src/sbom/catalog.ts';
import { parseJsonc } from '../../src/sbom/formats/jsonc.ts';
import { LOCK_FILES } from '../../src/sbom/lock-files/index.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { memoryView } from '../support/memory-tree.ts';

const read = (files: Readonly<Record<string, string>>) => catalog(memoryView(files), LOCK_FILES);

/** `purl scope direct → dependencies`, one for each package. */
function lines(files: Readonly<Record<string, string>>): string[] {
  const { components, problems } = read(files);
  expect(problems).toEqual([]);
  return components.map(({ purl, scope = '?', isDirect, dependsOn }) => {
    const named = isDirect === undefined ? '' : isDirect ? ' direct' : ' transitive';
    return `${purl} ${scope}${named}${dependsOn.length > 0 ? ` → ${dependsOn.join(' ')}` : ''}`;
  });
}

const SHA256 = 'ab'.repeat(32);
const SHA512 = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const MANIFEST = JSON.stringify({
  name: 'demo',
  dependencies: { a: '^1' },
  optionalDependencies: { o: '^1' },
  devDependencies: { d: '^1' },
});
const JS = [
  'pkg:npm/a@1.0.0 production direct → pkg:npm/%40s/b@2.0.0',
  'pkg:npm/d@1.0.0 development direct → pkg:npm/%40s/b@3.0.0',
  'pkg:npm/%40s/b@2.0.0 production transitive',
  'pkg:npm/%40s/b@3.0.0 development transitive',
  'pkg:npm/o@1.0.0 optional direct',
].sort();

test('the index lists every format: run `npx tsx scripts/catalogers.ts`', () => {
  const index = new URL('../../src/sbom/lock-files/index.ts', import.meta.url);
  expect(readFileSync(index, 'utf8')).toBe(catalogersIndex('lock-files'));
});

test('Cargo.lock: a crate is optional where no default feature turns it on', () => {
  const crate = (name: string, ...needs: string[]) =>
    `[[package]]\nname = "${name}"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\ndependencies = [${needs.map((one) => `"${one}"`)}]\n`;
  const files = {
    'Cargo.lock': `version = 3\n[[package]]\nname = "demo"\nversion = "0.1.0"\ndependencies = ["a", "b", "c"]\n${crate('a')}${crate('b', 'd')}${crate('c')}${crate('d')}`,
    'Cargo.toml':
      '[package]\nname = "demo"\n[features]\ndefault = ["extra"]\nextra = ["dep:c", "b?/x"]\n[dependencies]\na = "1"\nb = { version = "1", optional = true }\nc = { version = "1", optional = true }\n',
  };
  expect(lines(files)).toEqual([
    'pkg:cargo/a@1.0.0 production direct',
    'pkg:cargo/b@1.0.0 optional direct → pkg:cargo/d@1.0.0',
    'pkg:cargo/c@1.0.0 production direct',
    'pkg:cargo/d@1.0.0 optional transitive',
  ]);
});

test('mix.lock as older versions of mix write it', () => {
  const text =
    '%{"cowboy": {:hex, :cowboy, "1.0.0"},\n  cowlib: {:hex, :cowlib, "1.0.0", "ab", [:make], []},\n  "mime": {:git, "https://github.com/elixir-lang/mime.git", "a7f23ce406a10d65b317cf5e228deadbf883e193", []},\n  "ranch": {:hex, :ranch, "1.0.0"}}\n';
  expect(lines({ 'mix.lock': text }).map((line) => line.split('?')[0])).toEqual([
    'pkg:hex/cowboy@1.0.0 ',
    'pkg:hex/cowlib@1.0.0 ',
    'pkg:hex/mime@a7f23ce406a10d65b317cf5e228deadbf883e193',
    'pkg:hex/ranch@1.0.0 ',
  ]);
});

test('what a lock file does not say of dependencies is not known', () => {
  const knows = (files: Readonly<Record<string, string>>) => read(files).components.map((one) => one.knowsDependencies);
  const renv = (fields: object) =>
    JSON.stringify({ Packages: { a: { Package: 'a', Version: '1', ...fields }, b: { Package: 'b', Version: '2' } } });
  expect(knows({ 'renv.lock': renv({}) })).toEqual([false, false]);
  expect(knows({ 'renv.lock': renv({ Requirements: ['b'] }) })).toEqual([true, true]);
  expect(knows({ 'mix.lock': '%{"a": {:hex, :a, "1.0.0"}}\n' })).toEqual([false]);
  expect(knows({ 'mix.lock': '%{\n  "a": {:hex, :a, "1.0.0", "ab", [:mix], [], "hexpm", "cd"},\n}\n' })).toEqual([
    true,
  ]);
});

test('Gemfile.lock: what the own gem needs, the project needs', () => {
  const text = `GIT
  remote: https://github.com/acme/tool
  revision: 0123456789abcdef
  specs:
    tool (0.1.0)

PATH
  remote: .
  specs:
    demo (1.0.0)
      rack (>= 2)

GEM
  remote: https://rubygems.org/
  specs:
    rack (3.0.0)

DEPENDENCIES
  demo!
  tool!
`;
  expect(lines({ 'Gemfile.lock': text })).toEqual([
    'pkg:gem/rack@3.0.0 ? direct',
    'pkg:gem/tool@0.1.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Facme%2Ftool%400123456789abcdef ? direct',
  ]);
});

test('Podfile.lock: pods from folders are the project, those from git say where', () => {
  const text = `PODS:
  - camera (0.0.1):
    - Flutter
    - Zip (~> 2)
  - Flutter (1.0.0)
  - MyFork (3.0.0)
  - "Zip/Core (2.1.2)"
  - Zip (2.1.2):
    - Zip/Core (= 2.1.2)

DEPENDENCIES:
  - camera (from \`.symlinks/plugins/camera/ios\`)
  - MyFork (from \`https://github.com/acme/my-fork.git\`, branch \`main\`)

EXTERNAL SOURCES:
  camera:
    :path: ".symlinks/plugins/camera/ios"
  Flutter:
    :path: Flutter
  MyFork:
    :branch: main
    :git: https://github.com/acme/my-fork.git

CHECKOUT OPTIONS:
  MyFork:
    :commit: 0123456789abcdef0123456789abcdef01234567
    :git: https://github.com/acme/my-fork.git

COCOAPODS: 1.15.2
`;
  expect(lines({ 'Podfile.lock': text })).toEqual([
    'pkg:cocoapods/MyFork@3.0.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Facme%2Fmy-fork.git%400123456789abcdef0123456789abcdef01234567 production direct',
    'pkg:cocoapods/Zip@2.1.2 production direct → pkg:cocoapods/Zip@2.1.2#Core',
    'pkg:cocoapods/Zip@2.1.2#Core production transitive',
  ]);
});

test('pdm.lock of older versions keeps the hashes apart', () => {
  const text = `[[package]]\nname = "a"\nversion = "1.0"\ndependencies = ["b>=1"]\n[[package]]\nname = "b"\nversion = "2.0"\n[metadata]\nlock_version = "3.1"\n[metadata.files]\n"a 1.0" = [{file = "a-1.0.tar.gz", hash = "sha256:${SHA256}"}]\n`;
  const { components } = read({ 'pdm.lock': text });
  expect(components.map(({ purl, hashes, dependsOn }) => [purl, hashes?.[0]?.value, dependsOn])).toEqual([
    ['pkg:pypi/a@1.0', SHA256, ['pkg:pypi/b@2.0']],
    ['pkg:pypi/b@2.0', undefined, []],
  ]);
});

test('a peer that is optional is no reason to need what something else brings', () => {
  const text = JSON.stringify({
    lockfileVersion: 1,
    workspaces: { '': { name: 'demo', dependencies: { debug: '4' }, devDependencies: { color: '8' } } },
    packages: {
      debug: ['debug@4.3.4', '', { peerDependencies: { color: '*' }, optionalPeers: ['color'] }, SHA512],
      color: ['color@8.1.1', '', {}, SHA512],
    },
  });
  expect(lines({ 'bun.lock': text })).toEqual([
    'pkg:npm/color@8.1.1 development direct',
    'pkg:npm/debug@4.3.4 production direct',
  ]);
});

describe('the same packages in the lock files of JavaScript', () => {
  test('package-lock.json, version 3', () => {
    const packages = {
      '': JSON.parse(MANIFEST),
      'node_modules/a': {
        version: '1.0.0',
        dependencies: { '@s/b': '^2' },
        integrity: SHA512,
        resolved: 'https://r.example/a.tgz',
        license: 'MIT',
      },
      'node_modules/@s/b': { version: '2.0.0' },
      'node_modules/d': { version: '1.0.0', dev: true, dependencies: { '@s/b': '^3' } },
      'node_modules/d/node_modules/@s/b': { version: '3.0.0', dev: true },
      'node_modules/o': { version: '1.0.0', optional: true },
    };
    const files = { 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }) };
    expect(lines(files).sort()).toEqual(JS);
    const a = read(files).components.find(({ name }) => name === 'a');
    expect(a).toMatchObject({
      concludedLicense: 'MIT',
      downloadUrl: 'https://r.example/a.tgz',
      hashes: [{ algorithm: 'SHA-512', value: '07'.repeat(64) }],
      occurrences: ['package-lock.json'],
      knowsDependencies: true,
    });
  });

  test('package-lock.json, version 1, with what package.json asks for', () => {
    const dependencies = {
      a: { version: '1.0.0', requires: { '@s/b': '^2' } },
      '@s/b': { version: '2.0.0' },
      d: {
        version: '1.0.0',
        dev: true,
        requires: { '@s/b': '^3' },
        dependencies: { '@s/b': { version: '3.0.0', dev: true } },
      },
      o: { version: '1.0.0', optional: true },
    };
    const files = {
      'package-lock.json': JSON.stringify({ lockfileVersion: 1, dependencies }),
      'package.json': MANIFEST,
    };
    expect(lines(files).sort()).toEqual(JS);
  });

  test('yarn.lock, version 1', () => {
    const lock = [
      '# yarn lockfile v1',
      '',
      `"@s/b@^2":\n  version "2.0.0"\n  resolved "https://r.example/b.tgz#${'a'.repeat(40)}"`,
      '"@s/b@^3":\n  version "3.0.0"',
      `a@^1:\n  version "1.0.0"\n  integrity ${SHA512}\n  dependencies:\n    "@s/b" "^2"`,
      'd@^1, d@^1.0.0:\n  version "1.0.0"\n  dependencies:\n    "@s/b" "^3"',
      'o@^1:\n  version "1.0.0"',
    ].join('\n');
    const files = { 'yarn.lock': lock, 'package.json': MANIFEST };
    expect(lines(files).sort()).toEqual(JS);
    expect(read(files).components.flatMap(({ hashes = [] }) => hashes.map(({ algorithm }) => algorithm))).toEqual([
      'SHA-1',
      'SHA-512',
    ]);
  });

  test('yarn.lock of Berry, where the project is one of the entries', () => {
    const entry = (key: string, version: string, rest = '') =>
      `"${key}":\n  version: ${version}\n  resolution: "${key.slice(0, key.lastIndexOf('@'))}@npm:${version}"\n${rest}  checksum: 10/00\n  languageName: node\n  linkType: hard\n`;
    const lock = [
      '__metadata:\n  version: 8\n',
      entry('@s/b@npm:^2', '2.0.0'),
      entry('@s/b@npm:^3', '3.0.0'),
      entry('a@npm:^1', '1.0.0', '  dependencies:\n    "@s/b": "npm:^2"\n'),
      entry('d@npm:^1', '1.0.0', '  dependencies:\n    "@s/b": ^3\n'),
      entry('o@npm:^1', '1.0.0'),
      '"demo@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "demo@workspace:."\n  languageName: unknown\n  linkType: soft\n',
    ].join('\n');
    const files = { 'yarn.lock': lock, 'package.json': MANIFEST };
    expect(lines(files).sort()).toEqual(JS);
    expect(read(files).components.flatMap(({ hashes = [] }) => hashes)).toEqual([]);
  });

  const wanted = (reference: (version: string) => string) =>
    [
      'dependencies:',
      `  a: ${reference('1.0.0')}`,
      'optionalDependencies:',
      `  o: ${reference('1.0.0')}`,
      'devDependencies:',
      `  d: ${reference('1.0.0')}`,
    ].join('\n');

  test.each([
    ['5.4', (n: string, v: string) => `/${n}/${v}`, '_peer@1.0.0'],
    ["'6.0'", (n: string, v: string) => `/${n}@${v}`, '(peer@1.0.0)'],
  ])('pnpm-lock.yaml, version %s', (version, key, peer) => {
    const lock = [
      `lockfileVersion: ${version}`,
      wanted((one) => (version === '5.4' ? one : `\n    specifier: ^1\n    version: ${one}`)),
      'packages:',
      `  ${key('a', '1.0.0')}:\n    resolution: {integrity: ${SHA512}}\n    dependencies:\n      '@s/b': 2.0.0${peer}`,
      `  ${key('d', '1.0.0')}:\n    dependencies:\n      '@s/b': 3.0.0`,
      `  ${key('o', '1.0.0')}:\n    optional: true`,
      `  ${key('@s/b', `2.0.0${peer}`)}:\n    dev: false`,
      `  ${key('@s/b', '3.0.0')}:\n    dev: true`,
    ].join('\n');
    expect(lines({ 'pnpm-lock.yaml': lock }).sort()).toEqual(JS);
  });

  test('pnpm-lock.yaml, version 9', () => {
    const importer = wanted((one) => `\n    specifier: ^1\n    version: ${one}`).replace(/^/gm, '    ');
    const lock = [
      `lockfileVersion: '9.0'\nimporters:\n  .:\n${importer}`,
      `packages:\n  a@1.0.0:\n    resolution: {integrity: ${SHA512}}\n  '@s/b@2.0.0': {}\n  '@s/b@3.0.0': {}\n  d@1.0.0: {}\n  o@1.0.0: {}`,
      "snapshots:\n  a@1.0.0:\n    dependencies:\n      '@s/b': 2.0.0(peer@1.0.0)\n  '@s/b@2.0.0(peer@1.0.0)': {}\n  '@s/b@3.0.0': {}",
      "  d@1.0.0:\n    dependencies:\n      '@s/b': 3.0.0\n  o@1.0.0:\n    optional: true",
    ].join('\n');
    expect(lines({ 'pnpm-lock.yaml': lock }).sort()).toEqual(JS);
    expect(read({ 'pnpm-lock.yaml': lock }).components.find(({ name }) => name === 'a')?.hashes).toHaveLength(1);
  });

  test('bun.lock, with trailing commas', () => {
    const lock = `{
      "lockfileVersion": 1, // a comment
      "workspaces": { "": ${MANIFEST}, },
      "packages": {
        "@s/b": ["@s/b@2.0.0", "", {}, "${SHA512}"],
        "a": ["a@1.0.0", "", { "dependencies": { "@s/b": "^2", }, }, "${SHA512}"],
        "d": ["d@1.0.0", "", { "dependencies": { "@s/b": "^3" } }, "${SHA512}"],
        "d/@s/b": ["@s/b@3.0.0", "", {}, "${SHA512}"],
        "o": ["o@1.0.0", "", {}, "${SHA512}"],
      },
    }`;
    expect(lines({ 'bun.lock': lock }).sort()).toEqual(JS);
  });
});

test('members of an npm workspace are parts of the project, and so is what they ask for', () => {
  const packages = {
    '': { name: 'root', workspaces: ['packages/*'] },
    'node_modules/one': { resolved: 'packages/one', link: true },
    'packages/one': { name: 'one', version: '0.1.0', dependencies: { x: '1' } },
    'packages/one/node_modules/x': { version: '1.0.0', resolved: 'git+ssh://git@github.com/x/x.git#abc' },
    'node_modules/alias': { name: 'real', version: '2.0.0' },
  };
  expect(lines({ 'package-lock.json': JSON.stringify({ packages }) })).toEqual([
    'pkg:npm/one@0.1.0 production direct → pkg:npm/x@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fx%2Fx.git%40abc',
    'pkg:npm/real@2.0.0 production transitive',
    'pkg:npm/x@1.0.0?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Fx%2Fx.git%40abc production direct',
  ]);
});

const CARGO = `version = 3
[[package]]
name = "demo"
version = "0.1.0"
dependencies = ["a 1.0.0", "t"]
[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "${SHA256}"
dependencies = ["a 2.0.0"]
[[package]]
name = "a"
version = "2.0.0"
source = "git+https://github.com/x/a?branch=main#abcdef"
[[package]]
name = "t"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
`;
const PYPROJECT = '[project]\nname = "demo"\ndependencies = ["Flask>=3"]\n[dependency-groups]\ndev = ["pytest"]\n';

const SAMPLES: readonly (readonly [name: string, files: Record<string, string>, expected: string[]])[] = [
  [
    'Cargo.lock: the crate beside it is the project; what only dev-dependencies name is for development',
    {
      'Cargo.lock': CARGO,
      'Cargo.toml': '[package]\nname = "demo"\n[dependencies]\na = "1"\n[dev-dependencies]\nt = "1"\n',
    },
    [
      'pkg:cargo/a@1.0.0 production direct → pkg:cargo/a@2.0.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fx%2Fa%40abcdef',
      'pkg:cargo/a@2.0.0?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fx%2Fa%40abcdef production transitive',
      'pkg:cargo/t@1.0.0 development direct',
    ],
  ],
  [
    'go.mod: replacements count, folders are parts of the project',
    {
      'go.mod':
        'module example.com/m\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgolang.org/x/c v0.1.0 // indirect\n\tx.org/old v1.0.0\n\tx.org/local v0.0.0\n)\nreplace x.org/old v1.0.0 => x.org/new v1.1.0\nreplace x.org/local => ./local\n',
    },
    [
      'pkg:golang/github.com/a/b@v1.0.0 production direct',
      'pkg:golang/golang.org/x/c@v0.1.0 production transitive',
      'pkg:golang/x.org/new@v1.1.0 production direct',
    ],
  ],
  [
    'go.mod before Go 1.17: go.sum has the others',
    {
      'go.mod': 'module m\ngo 1.16\nrequire a.org/b v1.0.0\n',
      'go.sum':
        'a.org/b v1.0.0 h1:x=\na.org/b v1.0.0/go.mod h1:x=\nc.org/d v0.2.0 h1:x=\ne.org/f v1.0.0/go.mod h1:x=\n',
    },
    ['pkg:golang/a.org/b@v1.0.0 production direct', 'pkg:golang/c.org/d@v0.2.0 production transitive'],
  ],
  [
    'uv.lock',
    {
      'uv.lock': `version = 1
[[package]]
name = "demo"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
[package.optional-dependencies]
fast = [{ name = "orjson" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
[[package]]
name = "flask"
version = "3.0.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "jinja2" }]
sdist = { url = "https://f.example/flask.tar.gz", hash = "sha256:${SHA256}" }
[[package]]
name = "jinja2"
version = "3.1.0"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "orjson"
version = "3.0.0"
[[package]]
name = "pytest"
version = "8.0.0"
`,
    },
    [
      'pkg:pypi/flask@3.0.0 production direct → pkg:pypi/jinja2@3.1.0',
      'pkg:pypi/jinja2@3.1.0 production transitive',
      'pkg:pypi/orjson@3.0.0 optional direct',
      'pkg:pypi/pytest@8.0.0 development direct',
    ],
  ],
  [
    'poetry.lock',
    {
      'poetry.lock':
        '[[package]]\nname = "Flask"\nversion = "3.0.0"\ngroups = ["main"]\nfiles = []\n[package.dependencies]\nJinja2 = ">=3"\n[[package]]\nname = "jinja2"\nversion = "3.1.0"\ngroups = ["main", "dev"]\n[[package]]\nname = "pytest"\nversion = "8.0.0"\ngroups = ["dev"]\n',
      'pyproject.toml': PYPROJECT,
    },
    [
      'pkg:pypi/flask@3.0.0 production direct → pkg:pypi/jinja2@3.1.0',
      'pkg:pypi/jinja2@3.1.0 production transitive',
      'pkg:pypi/pytest@8.0.0 development direct',
    ],
  ],
  [
    'pdm.lock',
    {
      'pdm.lock':
        '[[package]]\nname = "flask"\nversion = "3.0.0"\ngroups = ["default"]\ndependencies = ["jinja2>=3"]\n[[package]]\nname = "jinja2"\nversion = "3.1.0"\ngroups = ["default", "dev"]\n[[package]]\nname = "pytest"\nversion = "8.0.0"\ngroups = ["dev"]\n',
      'pyproject.toml': PYPROJECT,
    },
    [
      'pkg:pypi/flask@3.0.0 production direct → pkg:pypi/jinja2@3.1.0',
      'pkg:pypi/jinja2@3.1.0 production transitive',
      'pkg:pypi/pytest@8.0.0 development direct',
    ],
  ],
  [
    'pylock.toml',
    {
      'pylock.toml':
        'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\ndependencies = [{ name = "b" }]\n[[packages]]\nname = "b"\nversion = "2"\n',
    },
    ['pkg:pypi/a@1 ? → pkg:pypi/b@2', 'pkg:pypi/b@2 ?'],
  ],
  [
    'Pipfile.lock',
    {
      'Pipfile.lock':
        '{"_meta":{},"default":{"a":{"version":"==1.0"},"b":{"version":"==2.0"}},"develop":{"c":{"version":"==3.0"}}}',
      Pipfile: '[packages]\na = "*"\n[dev-packages]\nc = "*"\n',
    },
    ['pkg:pypi/a@1.0 production direct', 'pkg:pypi/b@2.0 production transitive', 'pkg:pypi/c@3.0 development direct'],
  ],
  [
    'requirements.txt: pins alone',
    {
      'requirements.txt': `Flask==3.0.0 \\\n    --hash=sha256:${SHA256}\nany>=1\nx[extra]==1.2 ; python_version < "4" # why\n-r other.txt\nwild==1.*\n`,
      'requirements-dev.txt': 'pytest==8.0\n',
    },
    ['pkg:pypi/flask@3.0.0 production', 'pkg:pypi/pytest@8.0 development', 'pkg:pypi/x@1.2 production'],
  ],
  [
    'Gemfile.lock',
    {
      'Gemfile.lock': `GIT\n  remote: https://github.com/x/g.git\n  revision: abc\n  specs:\n    g (0.1)\n\nPATH\n  remote: .\n  specs:\n    own (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.0.0)\n      nokogiri (>= 1)\n    nokogiri (1.16.0-x86_64-linux)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  g!\n  rails (~> 7)\n\nCHECKSUMS\n  rails (7.0.0) sha256=${SHA256}\n`,
    },
    [
      'pkg:gem/g@0.1?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fx%2Fg.git%40abc ? direct',
      'pkg:gem/nokogiri@1.16.0?platform=x86_64-linux ? transitive',
      'pkg:gem/rails@7.0.0 ? direct → pkg:gem/nokogiri@1.16.0?platform=x86_64-linux',
    ],
  ],
  [
    'composer.lock',
    {
      'composer.lock':
        '{"packages":[{"name":"a/b","version":"v1.0.0","require":{"php":">=8","c/virtual":"*"}},{"name":"c/d","version":"2.0","provide":{"c/virtual":"1"}}],"packages-dev":[{"name":"e/f","version":"3"}]}',
      'composer.json': '{"name":"x/y","require":{"a/b":"*"},"require-dev":{"e/f":"*"}}',
    },
    [
      'pkg:composer/a/b@v1.0.0 production direct → pkg:composer/c/d@2.0',
      'pkg:composer/c/d@2.0 production transitive',
      'pkg:composer/e/f@3 development direct',
    ],
  ],
  [
    'packages.lock.json',
    {
      'packages.lock.json':
        '{"version":1,"dependencies":{"net8.0":{"A":{"type":"Direct","resolved":"1.0.0","dependencies":{"B":"2"}},"B":{"type":"Transitive","resolved":"2.0.0"},"own":{"type":"Project"}}}}',
    },
    ['pkg:nuget/A@1.0.0 production direct → pkg:nuget/B@2.0.0', 'pkg:nuget/B@2.0.0 production transitive'],
  ],
  [
    'gradle.lockfile',
    {
      'gradle.lockfile':
        '# comment\na.b:c:1.0=compileClasspath,runtimeClasspath\nx.y:t:2.0=testRuntimeClasspath\nempty=annotationProcessor\n',
    },
    ['pkg:maven/a.b/c@1.0 production', 'pkg:maven/x.y/t@2.0 development'],
  ],
  [
    'pubspec.lock',
    {
      'pubspec.lock': `packages:\n  a:\n    dependency: "direct main"\n    description:\n      name: a\n      sha256: ${SHA256}\n      url: "https://pub.dev"\n    source: hosted\n    version: "1.10"\n  t:\n    dependency: "direct dev"\n    description: {url: "https://pub.dev"}\n    source: hosted\n    version: "2.0.0"\n  flutter:\n    dependency: "direct main"\n    description: flutter\n    source: sdk\n    version: "0.0.0"\n`,
    },
    ['pkg:pub/a@1.10 production direct', 'pkg:pub/t@2.0.0 development direct'],
  ],
  [
    'mix.lock',
    {
      'mix.lock': `%{\n  "a": {:hex, :a, "1.0.0", "${SHA256}", [:mix], [{:b, "~> 1.0", [hex: :b, repo: "hexpm", optional: false]}], "hexpm", "${SHA256}"},\n  "b": {:hex, :b, "1.1.0", "${SHA256}", [:rebar3], [], "hexpm", "${SHA256}"},\n}\n`,
    },
    ['pkg:hex/a@1.0.0 ? → pkg:hex/b@1.1.0', 'pkg:hex/b@1.1.0 ?'],
  ],
  [
    'rebar.lock',
    {
      'rebar.lock':
        '{"1.2.0",\n[{<<"a">>,{pkg,<<"a">>,<<"1.0">>},0},\n {<<"g">>,{git,"https://x.org/g",{ref,"abc"}},1}]}.\n',
    },
    ['pkg:hex/a@1.0 ? direct', 'pkg:hex/g@abc?vcs_url=git%2Bhttps:%2F%2Fx.org%2Fg%40abc ? transitive'],
  ],
  [
    'Package.resolved',
    {
      'Package.resolved':
        '{"pins":[{"identity":"nio","location":"https://github.com/apple/swift-nio.git","state":{"version":"2.0.0"}}],"version":2}',
    },
    ['pkg:swift/github.com/apple/swift-nio@2.0.0 ?'],
  ],
  [
    'Podfile.lock',
    {
      'Podfile.lock': 'PODS:\n  - A/Core (1.0.0)\n  - B (2.0.0):\n    - A/Core (~> 1)\n\nDEPENDENCIES:\n  - B (~> 2)\n',
    },
    [
      'pkg:cocoapods/A@1.0.0#Core production transitive',
      'pkg:cocoapods/B@2.0.0 production direct → pkg:cocoapods/A@1.0.0#Core',
    ],
  ],
  [
    'conan.lock',
    { 'conan.lock': '{"version":"0.5","requires":["zlib/1.3#abc%1"],"build_requires":["cmake/3.2@acme/stable#x"]}' },
    ['pkg:conan/acme/cmake@3.2?channel=stable&user=acme development', 'pkg:conan/zlib@1.3 production'],
  ],
  [
    'cabal.project.freeze and stack.yaml.lock',
    {
      'cabal.project.freeze':
        'constraints: any.aeson ==2.0.3.0,\n             aeson +ordered,\n             any.base ==4.17\n',
      's/stack.yaml.lock': 'packages:\n- completed:\n    hackage: text-icu-0.8@sha256:abc,1\n',
    },
    ['pkg:hackage/aeson@2.0.3.0 ?', 'pkg:hackage/base@4.17 ?', 'pkg:hackage/text-icu@0.8 ?'],
  ],
  [
    'renv.lock',
    {
      'renv.lock':
        '{"Packages":{"A":{"Package":"A","Version":"1.0","Requirements":["B","R"]},"B":{"Package":"B","Version":"2.0"}}}',
    },
    ['pkg:cran/A@1.0 ? → pkg:cran/B@2.0', 'pkg:cran/B@2.0 ?'],
  ],
  [
    'pixi.lock',
    {
      'pixi.lock': `version: 6\npackages:\n- conda: https://conda.anaconda.org/conda-forge/linux-64/python-3.12.0-h1_0.conda\n  sha256: ${SHA256}\n  depends:\n  - tzdata\n- conda: https://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0_0.conda\n- pypi: https://f.example/a.whl\n  name: a\n  version: '1.10'\n`,
    },
    [
      'pkg:conda/python@3.12.0?build=h1_0&channel=conda-forge&subdir=linux-64&type=conda ? → pkg:conda/tzdata@2024a?build=h0_0&channel=conda-forge&subdir=noarch&type=conda',
      'pkg:conda/tzdata@2024a?build=h0_0&channel=conda-forge&subdir=noarch&type=conda ?',
      'pkg:pypi/a@1.10 ?',
    ],
  ],
  [
    'deno.lock',
    {
      'deno.lock':
        '{"version":"5","specifiers":{"npm:a@^1":"1.0.0","jsr:@s/j@1":"1.0.0"},"npm":{"a@1.0.0":{"dependencies":["b"]},"b@2.0.0":{}},"jsr":{"@s/j@1.0.0":{"dependencies":["npm:a@^1"]}},"workspace":{"dependencies":["jsr:@s/j@1"]}}',
    },
    [
      'pkg:npm/%40jsr/s__j@1.0.0?repository_url=https:%2F%2Fnpm.jsr.io production direct → pkg:npm/a@1.0.0',
      'pkg:npm/a@1.0.0 production transitive → pkg:npm/b@2.0.0',
      'pkg:npm/b@2.0.0 production transitive',
    ],
  ],
  [
    'workflows',
    {
      '.github/workflows/ci.yml':
        'jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: "x/y/sub@0123456789abcdef0123456789abcdef01234567" # v2\n      - uses: ./local\n',
    },
    [
      'pkg:github/actions/checkout@v4 development direct',
      'pkg:github/x/y@0123456789abcdef0123456789abcdef01234567#sub development direct',
    ],
  ],
];

test.each(SAMPLES)('%s', (_, files, expected) => {
  expect(lines(files).sort()).toEqual([...expected].sort());
});

test('the strongest of several reasons counts, over all lock files', () => {
  const lock = (dev: boolean) =>
    JSON.stringify({
      packages: {
        '': { [dev ? 'devDependencies' : 'dependencies']: { a: '1' } },
        'node_modules/a': { version: '1.0.0', dev },
      },
    });
  const { components } = read({ 'one/package-lock.json': lock(true), 'two/package-lock.json': lock(false) });
  expect(components.map(({ scope, isDirect, occurrences }) => [scope, isDirect, occurrences])).toEqual([
    ['production', true, ['one/package-lock.json', 'two/package-lock.json']],
  ]);
});

describe('hostile files', () => {
  const names = [
    'package-lock.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    'Cargo.lock',
    'go.mod',
    'uv.lock',
    'poetry.lock',
    'Pipfile.lock',
    'requirements.txt',
    'Gemfile.lock',
    'composer.lock',
    'mix.lock',
    'rebar.lock',
    'Package.resolved',
    'Podfile.lock',
    'conan.lock',
    'deno.lock',
    'pixi.lock',
    'renv.lock',
    'pubspec.lock',
    'gradle.lockfile',
    'packages.lock.json',
    'stack.yaml.lock',
    'pylock.toml',
    'pdm.lock',
  ];

  test('any text is a problem of its file at most', () => {
    const valid = SAMPLES.flatMap(([, files]) => Object.entries(files).filter(([name]) => names.includes(name)));
    const damaged = fc
      .constantFrom(...valid)
      .chain(([name, text]) =>
        fc
          .tuple(fc.constant(name), fc.nat(text.length), fc.nat(text.length))
          .map(([name, a, b]) => [name, text.slice(0, a) + text.slice(b)] as const),
      );
    const random = fc.tuple(fc.constantFrom(...names), fc.string());
    const value = fc.tuple(
      fc.constantFrom(...names),
      fc.jsonValue().map((one) => JSON.stringify(one)),
    );
    fc.assert(
      fc.property(fc.oneof(damaged, random, value), ([name, text]) => {
        const { components } = read({ [name]: text });
        for (const { purl } of components) expect(purl).toMatch(/^pkg:/);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    [
      'package-lock.json',
      `{"dependencies":${'{"a":{"version":"1","dependencies":'.repeat(5000)}{}${'}}'.repeat(5000)}}`,
    ],
    ['pnpm-lock.yaml', `lockfileVersion: 9\npackages: ${'['.repeat(100_000)}`],
    ['bun.lock', '['.repeat(200_000)],
    ['poetry.lock', `a = ${'['.repeat(100_000)}`],
    ['yarn.lock', `"${'a, '.repeat(200_000)}":\n  version "1"\n`],
    ['rebar.lock', '{<<"a'.repeat(100_000)],
    ['requirements.txt', `a${' '.repeat(500_000)}==1`],
    ['Package.resolved', JSON.stringify({ pins: [{ location: `${'/:'.repeat(200_000)}`, state: { version: '1' } }] })],
  ])('%s: nested or long', (name, text) => {
    const start = cpuTime();
    read({ [name]: text });
    expect(cpuTime() - start).toBeLessThan(4000);
  });
});

test('JSON with comments and trailing commas', () => {
  expect(parseJsonc('{"a": [1, /* x */ 2, ], // y\n "b": "//, ]", }')).toEqual({ a: [1, 2], b: '//, ]' });
  expect(() => parseJsonc('{"a": ,}')).toThrow();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 1);
      expect(parseJsonc(text)).toEqual(JSON.parse(text));
    }),
  );
});
