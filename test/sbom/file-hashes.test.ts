import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { createSbom } from '../../src/sbom/create-sbom.ts';
import { sbomRenderers } from '../../src/sbom/writers/index.ts';
import { dockerArchive, OciFiles, tarOf, temporaryFile } from '../support/images.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const STATUS =
  'Package: hello\nStatus: install ok installed\nVersion: 2.10-3\nArchitecture: amd64\nMaintainer: A <a@debian.org>\n';
const PACKAGE = '{"name":"a","version":"1.0.0"}';
const LOWER = [
  { name: 'etc/os-release', body: 'ID=debian\nVERSION_ID="12"\n' },
  { name: 'var/lib/dpkg/status', body: STATUS },
  { name: 'var/lib/dpkg/info/hello.list', body: '/.\n/bin\n/bin/hello\n/etc/hello.conf\n/usr/share/gone\n' },
  { name: 'bin', type: 'symlink', linkname: 'usr/bin' } as const,
  { name: 'usr/bin/hello', body: 'hello' },
  { name: 'etc/hello.conf', body: 'first' },
  { name: 'app/node_modules/a/package.json', body: PACKAGE },
  { name: 'app/node_modules/a/lib/index.js', body: 'a' },
  { name: 'app/node_modules/a/empty', body: '' },
  { name: 'app/node_modules/a/node_modules/b/package.json', body: '{"name":"b","version":"2.0.0"}' },
];
const UPPER = [{ name: 'etc/hello.conf', body: 'changed' }];

test('the files of a package as they are at last, links followed, nested modules apart; the same however it is stored', async () => {
  const layers = [await tarOf(LOWER), await tarOf(UPPER)];
  const plain = temporaryFile(await dockerArchive(layers));
  const oci = new OciFiles();
  const packed = temporaryFile(await oci.top([oci.manifest(layers)]).archive());
  try {
    for (const file of [plain, packed]) {
      const sbom = await createSbom(file, { hashes: true });
      const hashes = Object.fromEntries(sbom.packages.map(({ name, hashes: all }) => [name, all?.[0]?.value]));
      expect(hashes).toEqual({
        hello: sha256(`${sha256('changed')}  etc/hello.conf\n${sha256('hello')}  usr/bin/hello\n`),
        a: sha256(
          [
            `${sha256('')}  app/node_modules/a/empty\n`,
            `${sha256('a')}  app/node_modules/a/lib/index.js\n`,
            `${sha256(PACKAGE)}  app/node_modules/a/package.json\n`,
          ].join(''),
        ),
        b: sha256(`${sha256('{"name":"b","version":"2.0.0"}')}  app/node_modules/a/node_modules/b/package.json\n`),
      });
      expect(sbom.packages.every(({ hashesOfFiles }) => hashesOfFiles)).toBe(true);
    }
    expect((await createSbom(plain)).packages.every(({ hashes }) => hashes === undefined)).toBe(true);
  } finally {
    for (const file of [plain, packed]) rmSync(dirname(file), { recursive: true });
  }
});

test('packages whose record is beside their files: Composer, RubyGems, OTP', async () => {
  const installed = (name: string) => ({ name, version: '1.0.0' });
  const layer = await tarOf([
    {
      name: 'srv/vendor/composer/installed.json',
      body: JSON.stringify({ packages: [installed('acme/one'), installed('acme/two')] }),
    },
    { name: 'srv/vendor/acme/one/one.php', body: 'one' },
    { name: 'srv/vendor/acme/two/two.php', body: 'two' },
    {
      name: 'var/lib/gems/3.1.0/specifications/g-1.0.gemspec',
      body: 'Gem::Specification.new do |s|\n  s.name = "g".freeze\n  s.version = "1.0"\nend\n',
    },
    { name: 'var/lib/gems/3.1.0/gems/g-1.0/lib/g.rb', body: 'g' },
    { name: 'usr/lib/e-1.0/ebin/e.app', body: '{application, e, [{vsn, "1.0"}]}.' },
    { name: 'usr/lib/e-1.0/priv/e.so', body: 'e' },
  ]);
  const archive = temporaryFile(await dockerArchive([layer]));
  try {
    const { packages } = await createSbom(archive, { hashes: true });
    expect(Object.fromEntries(packages.map(({ name, hashes }) => [name, hashes?.[0]?.value]))).toEqual({
      'acme/one': sha256(`${sha256('one')}  srv/vendor/acme/one/one.php\n`),
      'acme/two': sha256(`${sha256('two')}  srv/vendor/acme/two/two.php\n`),
      g: sha256(`${sha256('g')}  var/lib/gems/3.1.0/gems/g-1.0/lib/g.rb\n`),
      e: sha256(
        `${sha256('{application, e, [{vsn, "1.0"}]}.')}  usr/lib/e-1.0/ebin/e.app\n${sha256('e')}  usr/lib/e-1.0/priv/e.so\n`,
      ),
    });
  } finally {
    rmSync(dirname(archive), { recursive: true });
  }
});

test('every format gives the same bytes for plain and for compressed layers, but for what the source is called', async () => {
  const layers = [await tarOf(LOWER), await tarOf(UPPER)];
  const oci = new OciFiles();
  const files = [
    temporaryFile(await dockerArchive(layers), 'app.tar'),
    temporaryFile(await oci.top([oci.manifest(layers)]).archive(), 'app.tar'),
  ];
  try {
    const [first, second] = await Promise.all(files.map((file) => createSbom(file, { hashes: true })));
    for (const [name, render] of Object.entries(sbomRenderers({ toolVersion: '1' }))) {
      const text = (sbom: typeof first) =>
        [...render(sbom as NonNullable<typeof first>, { color: false, width: 100 })].join('');
      // One archive has tags and the other a manifest: the packages are what must be alike.
      const packages = (sbom: typeof first) =>
        text({ ...(sbom as NonNullable<typeof first>), subject: (first as NonNullable<typeof first>).subject });
      expect(packages(second), name).toBe(packages(first));
    }
  } finally {
    for (const file of files) rmSync(dirname(file), { recursive: true });
  }
});

test('who asks is told when the layers are read and packages are looked for', async () => {
  const plain = temporaryFile(await dockerArchive([await tarOf(LOWER)]));
  const told: string[] = [];
  try {
    const onProgress = () => told.push('progress');
    const { packages } = await createSbom(plain, { hashes: true, onProgress, onScanned: () => told.push('scanned') });
    expect(packages.length).toBeGreaterThan(0);
    expect(told.filter((one) => one === 'scanned')).toHaveLength(1);
    expect(told.at(-1)).toBe('scanned');
  } finally {
    rmSync(dirname(plain), { recursive: true });
  }
});
