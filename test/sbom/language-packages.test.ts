import { describe, expect, test } from 'vitest';
import { catalogFiles } from '../support/catalog-files.ts';
import type { Files } from '../support/memory-tree.ts';

const found = (files: Files) => catalogFiles(files).components;
const purls = (files: Files) => found(files).map(({ purl }) => purl);

describe('Ruby', () => {
  const specification = [
    '# -*- encoding: utf-8 -*-',
    'Gem::Specification.new do |s|',
    '  s.name = "nokogiri".freeze',
    '  s.version = "1.16.0"',
    '  s.platform = "x86_64-linux".freeze',
    '  s.authors = ["Mike Dalessio".freeze, "Aaron Patterson".freeze]',
    '  s.email = ["m@example.org".freeze]',
    '  s.metadata = { "source_code_uri" => "https://example.org/nokogiri" } if s.respond_to? :metadata=',
    '  s.homepage = "https://nokogiri.org".freeze',
    '  s.licenses = ["MIT".freeze]',
    '  s.summary = "XML \\"reader\\"".freeze',
    '  if s.respond_to? :specification_version then',
    '    s.add_runtime_dependency(%q<racc>.freeze, ["~> 1.4"])',
    '    s.add_development_dependency(%q<rake>.freeze, ["~> 13.0"])',
    '  else',
    '    s.add_dependency(%q<rake>.freeze, ["~> 13.0"])',
    '  end',
    'end',
  ].join('\n');

  test('what RubyGems writes of each gem; what a gem only needs for its development is no edge', () => {
    const at = 'usr/lib/ruby/gems/3.1.0/specifications';
    const plain = (name: string) => `Gem::Specification.new do |s|\n  s.name = '${name}'\n  s.version = '1.0'\nend\n`;
    const components = found({
      [`${at}/nokogiri-1.16.0.gemspec`]: specification,
      [`${at}/racc-1.0.gemspec`]: plain('racc'),
      [`${at}/default/rake-1.0.gemspec`]: plain('rake'),
      'usr/lib/ruby/gems/3.1.0/gems/racc-1.0/racc.gemspec': plain('a-program'),
    });
    expect(components.map(({ purl }) => purl)).toEqual([
      'pkg:gem/nokogiri@1.16.0?platform=x86_64-linux',
      'pkg:gem/racc@1.0',
      'pkg:gem/rake@1.0',
    ]);
    expect(components[0]).toMatchObject({
      concludedLicense: 'MIT',
      supplier: { name: 'Mike Dalessio', email: 'm@example.org' },
      homepage: 'https://nokogiri.org',
      sourceUrl: 'https://example.org/nokogiri',
      description: 'XML "reader"',
      dependsOn: ['pkg:gem/racc@1.0'],
    });
  });

  test('what is no specification is told', () => {
    expect(catalogFiles({ 'gems/specifications/x.gemspec': 'puts 1' }).problems).toHaveLength(1);
  });
});

describe('PHP', () => {
  const monolog = {
    name: 'monolog/monolog',
    version: 'v3.5.0',
    license: ['MIT', 'BSD-3-Clause'],
    require: { php: '>=8.1', 'ext-json': '*', 'psr/log-implementation': '1.0' },
    dist: { url: 'https://example.org/m.zip', shasum: 'a'.repeat(40) },
    source: { url: 'https://example.org/m.git' },
    authors: [{ name: 'Jordi', email: 'j@example.org' }],
  };
  const log = { name: 'psr/log', version: '3.0.0', provide: { 'psr/log-implementation': '1.0' } };

  test.each([[[monolog, log]], [{ packages: [monolog, log], dev: true }]])(
    'both forms of installed.json',
    (document) => {
      const components = found({ 'app/vendor/composer/installed.json': JSON.stringify(document) });
      expect(components).toMatchObject([
        {
          purl: 'pkg:composer/monolog/monolog@v3.5.0',
          concludedLicense: 'MIT OR BSD-3-Clause',
          dependsOn: ['pkg:composer/psr/log@3.0.0'],
          hashes: [{ algorithm: 'SHA-1', value: 'a'.repeat(40) }],
          supplier: { name: 'Jordi', email: 'j@example.org' },
        },
        { purl: 'pkg:composer/psr/log@3.0.0' },
      ]);
    },
  );

  test('records of PEAR: version 2 of its package file, and version 1', () => {
    const text = (value: string) => `s:${value.length}:"${value}"`;
    const pairs = (...fields: readonly (readonly [string, string])[]) =>
      `a:${fields.length}:{${fields.map(([key, value]) => `${text(key)};${value}${value.startsWith('a:') ? '' : ';'}`).join('')}}`;
    const second = pairs(
      ['name', text('memcached')],
      ['channel', text('pecl.php.net')],
      ['version', pairs(['release', text('3.2.0')], ['api', text('3.0.0')])],
      ['license', pairs(['_content', text('PHP')])],
    );
    const first = pairs(
      ['package', text('Archive_Tar')],
      ['version', text('1.4.14')],
      ['license', text('BSD-3-Clause')],
    );
    expect(
      found({
        'usr/local/lib/php/.registry/.channel.pecl.php.net/memcached.reg': second,
        'usr/local/lib/php/.registry/archive_tar.reg': first,
      }).map(({ purl, declaredLicense }) => [purl, declaredLicense]),
    ).toEqual([
      ['pkg:pear/pear.php.net/Archive_Tar@1.4.14', 'BSD-3-Clause'],
      ['pkg:pear/pecl.php.net/memcached@3.2.0', 'PHP'],
    ]);
    expect(catalogFiles({ 'usr/local/lib/php/.registry/x.reg': 'a:1:{' }).problems).toHaveLength(1);
  });
});

test('R: what is installed says who built it', () => {
  const [rcpp, sf, ...others] = found({
    'usr/lib/R/library/sf/DESCRIPTION':
      'Package: sf\nVersion: 1.0-15\nLicense: GPL-2 | MIT + file LICENSE\nDepends: R (>= 3.3.0)\nImports: Rcpp (>= 1.0),\n  units\nMaintainer: E P <e@example.org>\nURL: https://r-spatial.github.io/sf/, x\nBuilt: R 4.3.2; ; 2024; unix\n',
    'usr/lib/R/library/Rcpp/DESCRIPTION': 'Package: Rcpp\nVersion: 1.0.12\nLicense: GPL (>= 2)\nBuilt: R 4.3.2\n',
    // R does not list its own translations, and sources are not installed: neither is built.
    'usr/lib/R/library/translations/DESCRIPTION': 'Package: translations\nVersion: 4.3.2\n',
    'opt/other/DESCRIPTION': 'something else\n',
  });
  expect(sf).toMatchObject({
    purl: 'pkg:cran/sf@1.0-15',
    concludedLicense: 'GPL-2.0-only OR MIT',
    dependsOn: ['pkg:cran/Rcpp@1.0.12'],
    supplier: { name: 'E P', email: 'e@example.org' },
    homepage: 'https://r-spatial.github.io/sf/',
    confidence: 1,
  });
  expect(rcpp).toMatchObject({ concludedLicense: 'GPL-2.0-or-later' });
  expect(others).toEqual([]);
});

test('Lua: the rockspecs of LuaRocks, comments left out', () => {
  const at = 'usr/local/lib/luarocks/rocks-5.1';
  const components = found({
    [`${at}/lpeg/1.1.0-1/lpeg-1.1.0-1.rockspec`]: 'package = "LPeg"\nversion = "1.1.0-1"\n',
    [`${at}/lapis/1.16.0-1/lapis-1.16.0-1.rockspec`]:
      '-- package = "none"\npackage = "lapis"\nversion = "1.16.0-1"\nsource = { url = "git+https://example.org/lapis.git" }\ndescription = {\n  summary = [[A web framework]],\n  license = "MIT/X11",\n  maintainer = "leaf <leaf@example.org>"\n}\ndependencies = { "lua >= 5.1", "LPeg" }\n',
  });
  expect(components).toMatchObject([
    { purl: 'pkg:luarocks/lapis@1.16.0-1', concludedLicense: 'MIT', description: 'A web framework' },
    { confidence: 1 },
  ]);
  expect(components[0]?.dependsOn).toEqual([components[1]?.purl]);
});

test('Erlang: the resource file of an application', () => {
  expect(
    found({
      'opt/app/lib/cowboy-2.10.0/ebin/cowboy.app':
        '%% made by a build\n{application, \'cowboy\', [\n\t{description, "Small HTTP server."},\n\t{vsn, "2.10.0"},\n\t{licenses, ["ISC"]},\n\t{applications, [kernel,stdlib,ranch]}\n]}.\n',
      'opt/app/lib/ranch-1.8.0/ebin/ranch.app': '{application, ranch, [{vsn, "1.8.0"}]}.',
    }),
  ).toMatchObject([
    { purl: 'pkg:otp/cowboy@2.10.0', concludedLicense: 'ISC', dependsOn: ['pkg:otp/ranch@1.8.0'] },
    { purl: 'pkg:otp/ranch@1.8.0', dependsOn: [] },
  ]);
  expect(catalogFiles({ 'opt/x/ebin/x.app': '{application, x, [{vsn, git}]}.' }).problems).toHaveLength(1);
});

test('.NET: packages of the application, neither itself nor files that came with it', () => {
  const document = {
    targets: {
      '.NETCoreApp,Version=v8.0': {
        'App/1.0.0': { dependencies: { Lib: '2.0.0' } },
        'Lib/2.0.0': { dependencies: { 'Deep.Lib': '1.0.0' } },
      },
    },
    libraries: {
      'App/1.0.0': { type: 'project' },
      'Lib/2.0.0': { type: 'package', sha512: `sha512-${Buffer.alloc(64).toString('base64')}` },
      'Deep.Lib/1.0.0': { type: 'package' },
      'Ref/1.0.0': { type: 'reference' },
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
    },
  };
  expect(found({ 'app/App.deps.json': JSON.stringify(document) })).toMatchObject([
    { purl: 'pkg:nuget/Deep.Lib@1.0.0', dependsOn: [] },
    { purl: 'pkg:nuget/Lib@2.0.0', dependsOn: ['pkg:nuget/Deep.Lib@1.0.0'], hashes: [{ algorithm: 'SHA-512' }] },
    { purl: 'pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.1' },
  ]);
});

describe('WordPress', () => {
  const plugin =
    '<?php\n/**\n * Plugin Name: Hello\n * Version: 1.7.2\n * Author: <a href="x">Matt</a>\n * License: GPLv2 or later\n */\n';

  test('itself, plugins and themes by their header', () => {
    expect(
      purls({
        'srv/www/wp-includes/version.php': "<?php\n$wp_version = '6.4.2';\n",
        'srv/www/wp-content/plugins/akismet/akismet.php': plugin,
        'srv/www/wp-content/plugins/akismet/class.php': '<?php\n',
        'srv/www/wp-content/plugins/hello.php': plugin,
        'srv/www/wp-content/themes/twenty/style.css': '/*\nTheme Name: Twenty\nVersion: 1.0\n*/\n',
      }),
    ).toEqual([
      'pkg:generic/wordpress@6.4.2',
      'pkg:wordpress-plugin/akismet@1.7.2',
      'pkg:wordpress-plugin/hello@1.7.2',
      'pkg:wordpress-theme/twenty@1.0',
    ]);
  });
});
