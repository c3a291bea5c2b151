import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import { elf } from '../support/elf.ts';
import type { Files } from '../support/memory-tree.ts';
import { shared } from '../support/shared.ts';
import { zip } from '../support/zip.ts';

const BASE = 0x400000;
/** The first section of `elf`. */
const DATA = BASE + 64;
const purls = (files: Files) => catalogFiles(files).components.map(({ purl }) => purl);

describe('programs that GraalVM compiled', () => {
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    components: [{ type: 'library', name: 'netty', purl: 'pkg:maven/io.netty/netty-buffer@4.1.104.Final' }],
  };

  function nativeImage(packed: Buffer, stated: number, heap = '.svm_heap'): Buffer {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(stated));
    const symbol = (name: number, value: number) => {
      const entry = Buffer.alloc(24);
      entry.writeUInt32LE(name, 0);
      entry.writeBigUInt64LE(BigInt(value), 8);
      return entry;
    };
    // `\0sbom_length\0sbom\0`
    const symbols = Buffer.concat([symbol(0, 0), symbol(1, DATA), symbol(13, DATA + 8)]);
    return elf(
      {
        '.data': Buffer.concat([length, packed]),
        [heap]: 'x',
        '.dynstr': '\0sbom_length\0sbom\0',
        '.dynsym': symbols,
      },
      BASE,
    );
  }

  test('the SBOM at their symbol', () => {
    const packed = gzipSync(JSON.stringify(document));
    const { components } = catalogFiles({ 'app/server': nativeImage(packed, packed.length) });
    expect(components).toMatchObject([
      { purl: 'pkg:maven/io.netty/netty-buffer@4.1.104.Final', foundBy: 'graalvm', occurrences: ['app/server'] },
    ]);
    expect(purls({ 'app/server': nativeImage(packed, packed.length, '.data2') })).toEqual([]);
  });

  test('a length that lies, and what is no SBOM', () => {
    const packed = gzipSync('{}');
    expect(purls({ 'app/server': nativeImage(packed, 1 << 30) })).toEqual([]);
    expect(purls({ 'app/server': nativeImage(packed, packed.length) })).toEqual([]);
  });
});

describe('extensions of PHP', () => {
  const path = 'usr/local/lib/php/extensions/no-debug-non-zts-20220829/redis.so';

  /** @param isPacked whether pointers stand in their places, and not in `.rela.dyn` */
  function extension(name: string, version: string, isPacked = false): Buffer {
    const entry = Buffer.alloc(168);
    entry.writeUInt16LE(168, 0);
    entry.writeUInt32LE(20_220_829, 4);
    const texts = Buffer.from(`${name}\0${version}\0`);
    const pointers = [
      [32, DATA + 168],
      [88, DATA + 168 + name.length + 1],
    ] as const;
    const relocations = pointers.map(([at, value]) => {
      const one = Buffer.alloc(24);
      one.writeBigUInt64LE(BigInt(DATA + at), 0);
      one.writeBigUInt64LE(8n, 8);
      one.writeBigInt64LE(BigInt(value), 16);
      return one;
    });
    if (isPacked) for (const [at, value] of pointers) entry.writeBigUInt64LE(BigInt(value), at);
    return elf(
      { '.data': Buffer.concat([entry, texts]), ...(isPacked ? {} : { '.rela.dyn': Buffer.concat(relocations) }) },
      BASE,
    );
  }

  test.each([false, true])('name and version of the entry (packed relocations: %s)', (isPacked) => {
    expect(purls({ [path]: extension('redis', '5.3.7', isPacked) })).toEqual(['pkg:generic/php-extension/redis@5.3.7']);
  });

  test('elsewhere, or without a version, it is none', () => {
    expect(purls({ 'usr/lib/redis.so': extension('redis', '5.3.7') })).toEqual([]);
    expect(purls({ [path]: extension('redis', '') })).toEqual([]);
  });

  test('what PECL recorded is listed once', () => {
    const record =
      'a:3:{s:4:"name";s:5:"redis";s:7:"version";a:1:{s:7:"release";s:5:"5.3.7";}s:7:"channel";s:12:"pecl.php.net";}';
    const registry = 'usr/local/lib/php/.registry/.channel.pecl.php.net/redis.reg';
    expect(purls({ [path]: extension('redis', '5.3.7'), [registry]: record })).toEqual([
      'pkg:pear/pecl.php.net/redis@5.3.7',
    ]);
  });

  const installed = '/usr/lib/php/20220829';
  test.skipIf(!existsSync(installed))('those of the system say what PHP says', () => {
    const files = Object.fromEntries(
      readdirSync(installed).map((name) => [`${installed.slice(1)}/${name}`, readFileSync(join(installed, name))]),
    );
    const versions = catalogFiles(files).components.map(({ version }) => version);
    expect(versions).toHaveLength(Object.keys(files).length);
    expect(new Set(versions).size).toBe(1);
  });
});

describe('Python archives', () => {
  const metadata = 'Metadata-Version: 2.1\nName: My_Pkg\nVersion: 1.0\nLicense: MIT\n\n';

  test('eggs and wheels, but not the data of tests, nor what tools bring for environments they make', () => {
    const wheel = zip({ 'my_pkg/__init__.py': '', 'my_pkg-1.0.dist-info/METADATA': metadata });
    const { components } = catalogFiles({
      'usr/lib/python3/dist-packages/my_pkg-1.0-py3.11.egg': zip({ 'EGG-INFO/PKG-INFO': metadata }),
      'wheels/my_pkg-1.0-py3-none-any.whl': wheel,
      'usr/lib/python3.11/ensurepip/_bundled/pip-24.0-py3-none-any.whl': wheel,
      'usr/lib/python3.11/test/test_importlib/data/example-21.12-py3-none-any.whl': wheel,
      'usr/lib/python3/dist-packages/virtualenv/seed/wheels/embed/pip-24.0-py3-none-any.whl': wheel,
      'usr/share/python-wheels/pip-23.0.1-py3-none-any.whl': wheel,
    });
    expect(components).toMatchObject([
      {
        purl: 'pkg:pypi/my-pkg@1.0',
        concludedLicense: 'MIT',
        occurrences: ['usr/lib/python3/dist-packages/my_pkg-1.0-py3.11.egg', 'wheels/my_pkg-1.0-py3-none-any.whl'],
      },
    ]);
  });

  test.skipIf(!shared('sbom/python/scalibr'))('those of ../shared/sbom', () => {
    const read = (name: string) => readFileSync(join(shared('sbom/python/scalibr') as string, name));
    const names = ['monotonic-1.6-py2.py3-none-any.whl', 'monotonic-1.6-py3.10.egg'];
    for (const name of names) expect(purls({ [`srv/${name}`]: read(name) })).toEqual(['pkg:pypi/monotonic@1.6']);
    const { components, problems } = catalogFiles({ 'srv/x.egg': read('monotonic_no_pkginfo-1.6-py3.10.egg') });
    expect([components, problems]).toEqual([[], []]);
  });
});

describe('Perl modules from make install', () => {
  const at = 'usr/local/lib/x86_64-linux-gnu/perl/5.36.0';
  const entry = (module: string, version: string) =>
    `=head2 Sun Nov 22 13:40:53 2026: C<Module> L<${module}|${module}>\n\n=over 4\n\n=item *\n\nC<installed into: /usr/local/share/perl/5.36.0>\n\n=item *\n\nC<VERSION: ${version}>\n\n=back\n\n`;

  test('the last version that the journal tells of what is there', () => {
    const { components } = catalogFiles({
      [`${at}/perllocal.pod`]: entry('Foo::Bar', '1.22') + entry('Gone', '1') + entry('Foo::Bar', '1.23'),
      [`${at}/auto/Foo/Bar/.packlist`]: '/usr/local/share/perl/5.36.0/Foo/Bar.pm type=file\n',
    });
    expect(components.map(({ purl, ownsFiles }) => [purl, ownsFiles])).toEqual([
      ['pkg:cpan/Foo-Bar@1.23', ['usr/local/share/perl/5.36.0/Foo/Bar.pm']],
    ]);
  });

  test('what cpanm recorded is listed by that', () => {
    const record = '{"dist":"Foo-Bar-1.23","pathname":"A/AB/ABC/Foo-Bar-1.23.tar.gz","provides":{}}';
    expect(
      purls({
        [`${at}/perllocal.pod`]: entry('Foo::Bar', '1.23'),
        [`${at}/auto/Foo/Bar/.packlist`]: '',
        'usr/local/share/perl/5.36.0/x/.meta/Foo-Bar-1.23/install.json': record,
      }),
    ).toEqual(['pkg:cpan/ABC/Foo-Bar@1.23']);
  });
});
