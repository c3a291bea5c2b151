import { describe, expect, test } from 'vitest';
import type { DocumentOptions } from '../../src/sbom/document.ts';
import { minimumElements } from '../../src/sbom/minimum-elements.ts';
import type { Sbom } from '../../src/sbom/sbom.ts';
import { formatName, sbomRenderers } from '../../src/sbom/writers/index.ts';
import { sbomOf } from '../support/sbom-of.ts';
import { cyclonedxValidator, spdx3Validator, spdxValidator } from '../support/sbom-schema.ts';
import { shared } from '../support/shared.ts';

type Json = Record<string, unknown>;

const options: DocumentOptions = {
  toolVersion: '1.2.3',
  authors: [{ name: 'Jo', email: 'jo@example.org' }],
  supplier: { name: 'Acme & Söhne', url: 'https://acme.example' },
  workflow: { sha: 'c'.repeat(40), ref: 'refs/heads/main', run: '7', correlator: 'ci build' },
};
const DEBIAN = { id: 'debian', idLike: [], name: 'Debian GNU/Linux', versionId: '12.15' };
const LIBC = 'pkg:deb/debian/libc6@2.36-9%2Bb1?arch=amd64&distro=debian-12.15&upstream=glibc%402.36-9';
const OWNER = 'pkg:deb/debian/node-six@1.0-1?arch=all&distro=debian-12.15';

/** One package of every ecosystem that catalogers find, and texts that formats have to be careful with. */
const EVERY = sbomOf(
  [
    { purl: LIBC, supplier: { name: 'GNU Libc', email: 'glibc@lists.debian.org' }, knowsDependencies: true },
    { purl: OWNER, dependsOn: [LIBC], knowsDependencies: true, supplier: { name: 'Ann', email: 'ann@example.org' } },
    { purl: 'pkg:npm/%40a/six@1.0.0', name: '@a/six', ownedBy: OWNER, declaredLicense: 'Odd & "quoted" <licence>' },
    { purl: 'pkg:npm/dev@1.0.0', scope: 'development', concludedLicense: 'MIT OR LicenseRef-Odd' },
    {
      purl: 'pkg:maven/org.acme/inner@2.0',
      foundBy: 'java',
      occurrences: ['app/a.jar!/lib/b.jar'],
      declaredLicense: 'Apache 2',
      concludedLicense: 'Apache-2.0',
      hashes: [{ algorithm: 'SHA-1', value: 'a'.repeat(40) }],
      sourceUrl: 'https://example.org/inner.git',
    },
    {
      purl: 'pkg:golang/github.com/acme/tool@v1.0.0',
      name: 'github.com/acme/tool',
      foundBy: 'go',
      knowsDependencies: true,
    },
    { purl: 'pkg:golang/stdlib@1.22.1', foundBy: 'go' },
    { purl: 'pkg:generic/node@20.0.0', foundBy: 'binary', description: '=cmd|"x"!A1\n]]> </text> \u0000\ud800' },
    { purl: 'pkg:composer/acme/thing@1.0', name: 'thing' },
    { purl: 'pkg:apk/alpine/busybox@1.36-r1?arch=x86_64&upstream=busybox' },
    {
      purl: 'pkg:rpm/fedora/bash@5.2-1.fc40?arch=x86_64&epoch=1&upstream=bash-5.2-1.fc40.src.rpm',
      version: '1:5.2-1.fc40',
    },
    {
      purl: 'pkg:cargo/serde@1.0.0',
      foundBy: 'rust',
      downloadUrl: 'https://crates.io/api/v1/crates/serde/1.0.0/download',
    },
    ...[
      'alpm/arch',
      'ebuild/x',
      'opkg',
      'conda',
      'gem',
      'pear/pear.php.net',
      'cran',
      'luarocks',
      'otp',
      'nuget',
      'pypi',
      'wordpress-plugin',
      'brew/acme/tap',
      'bitnami',
      'cos/app-arch',
      'huggingface/acme',
      'spack',
      'swiplpack',
      'vscode-extension/acme',
    ].map((type, index) => ({ purl: `pkg:${type}/p${index}@1.${index}` })),
  ],
  {
    distro: DEBIAN,
    dockerfile: { path: 'Dockerfile', text: '', lines: new Map([[1, { line: 3, isSure: false }]]), warnings: [] },
  },
);
const EMPTY = sbomOf([]);

const renderers = sbomRenderers(options);
const textOf = (name: keyof typeof renderers, sbom: Sbom = EVERY) =>
  [...renderers[name](sbom, { color: false, width: 100 })].join('');
const jsonOf = (name: keyof typeof renderers, sbom: Sbom = EVERY) => JSON.parse(textOf(name, sbom));

describe('CycloneDX', () => {
  test('the repository of a package, and what else decides which advisories are for a distribution', () => {
    const rhel = {
      id: 'rhel',
      idLike: [],
      versionId: '9.3',
      contentSets: ['a-rpms', 'b-rpms'],
      hasExtendedSupport: true,
    };
    const one = { purl: 'pkg:rpm/redhat/bash@5.1-1', repository: 'a-rpms' };
    const [os, bash] = jsonOf('cyclonedx', sbomOf([one], { distro: rhel })).components;
    expect(os.properties).toEqual([
      { name: 'dlint:contentSet', value: 'a-rpms' },
      { name: 'dlint:contentSet', value: 'b-rpms' },
      { name: 'dlint:extendedSupport', value: 'true' },
    ]);
    expect(bash.properties).toContainEqual({ name: 'dlint:repository', value: 'a-rpms' });
  });

  const find = (purl: string, name: keyof typeof renderers = 'cyclonedx') =>
    jsonOf(name).components.find((one: Json) => one.purl === purl);

  test.each([
    ['pkg:npm/%40a/six@1.0.0', '@a', 'six', 'library'],
    ['pkg:maven/org.acme/inner@2.0', 'org.acme', 'inner', 'library'],
    ['pkg:composer/acme/thing@1.0', 'acme', 'thing', 'library'],
    [LIBC, undefined, 'libc6', 'library'],
    ['pkg:golang/github.com/acme/tool@v1.0.0', undefined, 'github.com/acme/tool', 'application'],
    ['pkg:golang/stdlib@1.22.1', undefined, 'stdlib', 'library'],
    ['pkg:generic/node@20.0.0', undefined, 'node', 'application'],
  ])('%s has group %s, name %s and is: %s', (purl, group, name, type) => {
    expect(find(purl)).toMatchObject({ name, type });
    expect(find(purl).group).toBe(group);
  });

  test('what was read from bytes says so, and nested archives keep their path', () => {
    const { evidence } = find('pkg:maven/org.acme/inner@2.0');
    expect(evidence.identity.methods[0].technique).toBe('binary-analysis');
    expect(evidence.occurrences).toEqual([{ location: '/app/a.jar!/lib/b.jar' }]);
    expect(find(LIBC).evidence.identity.methods[0].technique).toBe('manifest-analysis');
  });

  test('a supplier: as stated, of the owner, of the distribution, where a module is hosted', () => {
    expect(find(LIBC).supplier.name).toBe('GNU Libc');
    expect(find('pkg:npm/%40a/six@1.0.0').supplier.name).toBe('Ann');
    expect(find('pkg:apk/alpine/busybox@1.36-r1?arch=x86_64&upstream=busybox').supplier.name).toBe('Debian GNU/Linux');
    expect(find('pkg:golang/github.com/acme/tool@v1.0.0').supplier).toEqual({
      name: 'github.com/acme',
      url: ['https://github.com/acme'],
    });
    expect(find('pkg:npm/dev@1.0.0').supplier).toBeUndefined();
  });

  test('the source of a Debian package, by its source package, only where Debian maintains it', () => {
    const url = 'https://snapshot.debian.org/package/glibc/2.36-9/';
    expect(find(LIBC).externalReferences).toContainEqual({ url, type: 'source-distribution' });
    expect(find(LIBC, 'cyclonedx@1.5').externalReferences).toContainEqual({ url, type: 'other' });
    expect(find(OWNER).externalReferences).toBeUndefined();
  });

  test('the document names author, supplier, and the line of the Dockerfile', () => {
    const { metadata } = jsonOf('cyclonedx');
    expect(metadata.authors).toEqual([{ name: 'Jo', email: 'jo@example.org' }]);
    expect(metadata.supplier).toEqual({ name: 'Acme & Söhne', url: ['https://acme.example'] });
    expect(find(LIBC).properties).toContainEqual({ name: 'dlint:dockerfile:line', value: '3?' });
    expect(metadata.component.properties).toContainEqual({ name: 'dlint:dockerfile', value: 'Dockerfile' });
  });

  test('a program that is one file has its name, as BSI asks; a library, or an older version, has none', () => {
    const filename = { name: 'bsi:component:filename', value: 'node' };
    expect(find('pkg:generic/node@20.0.0').properties).toContainEqual(filename);
    expect(find('pkg:generic/node@20.0.0', 'cyclonedx@1.5').properties).not.toContainEqual(filename);
    const names = find('pkg:golang/stdlib@1.22.1').properties.map(({ name }: { name: string }) => name);
    expect(names).not.toContain('bsi:component:filename');
  });

  test('a development dependency is excluded', () => {
    expect(find('pkg:npm/dev@1.0.0').scope).toBe('excluded');
  });

  test('what 1.4 has no place for is a property or not there', () => {
    const { metadata } = jsonOf('cyclonedx@1.4');
    expect(metadata.tools).toEqual([{ name: 'dlint', version: '1.2.3' }]);
    expect(metadata.lifecycles).toBeUndefined();
    const inner = find('pkg:maven/org.acme/inner@2.0', 'cyclonedx@1.4');
    expect(inner.properties).toContainEqual({ name: 'dlint:location', value: '/app/a.jar!/lib/b.jar' });
    expect(inner.licenses).toEqual([{ license: { id: 'Apache-2.0' } }]);
  });

  test('1.6 is what no version means', () => {
    expect(textOf('cyclonedx@1.6')).toBe(textOf('cyclonedx'));
  });
});

test('XML holds what JSON holds', () => {
  const xml = textOf('cyclonedx-xml');
  const { components, dependencies } = jsonOf('cyclonedx');
  const values = (pattern: RegExp) => [...xml.matchAll(pattern)].map(([, value]) => unescapeXml(value as string));
  expect(values(/<component type="[^"]*" bom-ref="([^"]*)"/g).slice(1)).toEqual(
    components.map((one: Json) => one['bom-ref']),
  );
  expect(values(/<purl>([^<]*)<\/purl>/g)).toEqual(components.flatMap((one: Json) => one.purl ?? []));
  expect(values(/^ {4}<dependency ref="([^"]*)"/gm)).toEqual(dependencies.map(({ ref }: { ref: string }) => ref));
  expect(values(/<license acknowledgement="declared"><name>([^<]*)<\/name>/g)).toContain('Odd & "quoted" <licence>');
  expect(xml).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<bom xmlns="http:\/\/cyclonedx.org\/schema\/bom\/1.6" /,
  );
  isWellFormed(xml);
  isWellFormed(textOf('cyclonedx-xml', EMPTY));
});

/** Every element is closed where it was opened, and there is no character that XML has not. */
function isWellFormed(xml: string): void {
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff](?![\udc00-\udfff])/);
  const open: string[] = [];
  const body = xml.replace(/^<\?xml[^>]*\?>/, '');
  for (const [whole, close, name, empty] of body.matchAll(/<(\/?)([\w-]+)(?: [\w:-]+="[^"<]*")*(\/?)>|[<>]/g)) {
    expect(whole.length, whole).toBeGreaterThan(1);
    if (close) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name as string);
  }
  expect(open).toEqual([]);
}

function unescapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
  return text.replace(/&\w+;/g, (found) => names[found] as string);
}

test('tag-value holds what SPDX 2.3 JSON holds', () => {
  const lines = textOf('spdx-tag-value').split('\n');
  const values = (tag: string) =>
    lines.filter((line) => line.startsWith(`${tag}: `)).map((line) => line.slice(tag.length + 2));
  const json = jsonOf('spdx');
  expect(values('SPDXID')).toEqual(['SPDXRef-DOCUMENT', ...json.packages.map((one: Json) => one.SPDXID)]);
  expect(values('PackageName')).toEqual(json.packages.map((one: Json) => one.name));
  expect(values('Relationship')).toEqual(
    json.relationships.map((one: Json) => `${one.spdxElementId} ${one.relationshipType} ${one.relatedSpdxElement}`),
  );
  expect(values('LicenseID')).toEqual(json.hasExtractedLicensingInfos.map((one: Json) => one.licenseId));
  expect(values('Creator')).toEqual(['Tool: dlint-1.2.3', 'Person: Jo (jo@example.org)']);
  const text = textOf('spdx-tag-value');
  expect(text.split('<text>').length).toBe(text.split('</text>').length);
  expect(text).not.toMatch(/[\ud800-\udfff](?![\udc00-\udfff])/);
});

describe('SPDX 3', () => {
  test('every element once, every reference known, everything in the document', () => {
    for (const sbom of [EVERY, EMPTY]) {
      const graph: Json[] = jsonOf('spdx@3', sbom)['@graph'];
      const ids = graph.flatMap(({ spdxId }) => spdxId ?? []) as string[];
      expect(new Set(ids).size).toBe(ids.length);
      const known = new Set([...ids, 'https://spdx.org/rdf/3.0.1/terms/Core/NoneElement']);
      const document = graph.find(({ type }) => type === 'SpdxDocument') as Json;
      expect(new Set([document.spdxId as string, ...(document.element as string[])])).toEqual(new Set(ids));
      for (const one of graph) {
        const custom = (one.simplelicensing_customIdToUri ?? []) as { value: string }[];
        const targets = [one.from, one.to, one.suppliedBy, one.rootElement, one.createdBy, one.createdUsing];
        for (const id of [...targets.flat(), ...custom.map(({ value }) => value)]) {
          if (id !== undefined) expect(known).toContain(id);
        }
      }
    }
  });
});

describe('syft-json', () => {
  test('relationships are between artifacts and the source, a dependency is the parent', () => {
    const { artifacts, artifactRelationships, source } = jsonOf('syft-json');
    const ids = artifacts.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(EVERY.packages.length);
    for (const { parent, child } of artifactRelationships) {
      expect([...ids, source.id]).toContain(parent);
      expect(ids).toContain(child);
    }
    const idOf = (purl: string) => artifacts.find((one: Json) => one.purl === purl).id;
    expect(artifactRelationships).toContainEqual({ parent: idOf(LIBC), child: idOf(OWNER), type: 'dependency-of' });
  });

  test.each([
    [LIBC, 'deb', { source: 'glibc', sourceVersion: '2.36-9' }],
    [
      'pkg:rpm/fedora/bash@5.2-1.fc40?arch=x86_64&epoch=1&upstream=bash-5.2-1.fc40.src.rpm',
      'rpm',
      { epoch: 1, version: '5.2', release: '1.fc40', sourceRpm: 'bash-5.2-1.fc40.src.rpm' },
    ],
    [
      'pkg:maven/org.acme/inner@2.0',
      'java-archive',
      { virtualPath: '/app/a.jar:lib/b.jar', pomProperties: { groupId: 'org.acme', artifactId: 'inner' } },
    ],
    ['pkg:apk/alpine/busybox@1.36-r1?arch=x86_64&upstream=busybox', 'apk', { originPackage: 'busybox' }],
  ])('%s is a %s', (purl, type, metadata) => {
    const found = jsonOf('syft-json').artifacts.find((one: Json) => one.purl === purl);
    expect(found).toMatchObject({ type, metadata });
  });
});

test('a GitHub snapshot has a manifest for each file, and the run of the workflow', () => {
  const snapshot = jsonOf('github');
  expect(snapshot).toMatchObject({
    version: 0,
    sha: 'c'.repeat(40),
    ref: 'refs/heads/main',
    job: { id: '7', correlator: 'ci build' },
  });
  const resolved = Object.values(snapshot.manifests as Record<string, { resolved: Record<string, Json> }>).flatMap(
    (one) => Object.values(one.resolved),
  );
  expect(resolved.map((one) => one.package_url).sort()).toEqual(EVERY.packages.map(({ purl }) => purl).sort());
  expect(resolved.find((one) => one.package_url === 'pkg:npm/dev@1.0.0')).toMatchObject({
    scope: 'development',
    relationship: 'direct',
  });
});

test('CSV: one row each, and no cell that a spreadsheet would compute', () => {
  const evil = sbomOf([{ purl: 'pkg:npm/%3Dx@1', name: '=HYPERLINK("x")', declaredLicense: '@a,\r\n"b"' }]);
  const text = textOf('csv', evil);
  expect(text).toContain(`"'=HYPERLINK(""x"")",1,npm,`);
  expect(text).toContain(`"'@a,\r\n""b"""`);
  expect(textOf('csv').trimEnd().split('\r\n')).toHaveLength(EVERY.packages.length + 1);
});

test('purls, one a line', () => {
  expect(textOf('purls').trimEnd().split('\n')).toEqual(EVERY.packages.map(({ purl }) => purl));
});

test('names that other tools give the formats', () => {
  const known = Object.keys(renderers);
  for (const name of [
    'cyclonedx-json',
    'cyclonedx-json@1.5',
    'spdx-json',
    'spdx-json@2.3',
    'spdx-tag-value@2.3',
    'github-json',
  ]) {
    expect(known).toContain(formatName(name));
  }
  expect(formatName('cyclonedx-json@1.5')).toBe('cyclonedx@1.5');
  expect(formatName('nonsense')).toBe('nonsense');
});

test.each(Object.keys(renderers) as (keyof typeof renderers)[])('%s: the same bytes each time', (name) => {
  expect(textOf(name)).toBe(textOf(name));
});

describe('minimum elements', () => {
  const result = (standard: 'ntia' | 'cisa' | 'bsi', element: RegExp, sbom = EVERY, given = options) =>
    minimumElements(standard, sbom, given).find((one) => element.test(one.element));

  test('counts the packages that have an element, and names the others', () => {
    expect(result('cisa', /^hash/)).toMatchObject({ present: 0, total: EVERY.packages.length });
    const strong = sbomOf([
      { purl: 'pkg:npm/a@1', hashes: [{ algorithm: 'SHA-256', value: 'a'.repeat(64) }] },
      { purl: 'pkg:npm/b@1', hashes: [{ algorithm: 'MD5', value: 'a'.repeat(32) }] },
    ]);
    expect(result('cisa', /^hash/, strong)).toMatchObject({ present: 1, total: 2, missing: ['pkg:npm/b@1'] });
    expect(result('bsi', /SHA-512/, strong)).toMatchObject({ present: 0 });
  });

  test('the author is asked for', () => {
    expect(result('ntia', /^author/)).toMatchObject({ present: 1, total: 1 });
    expect(result('ntia', /^author/, EVERY, { toolVersion: '1' })).toMatchObject({ present: 0, total: 1 });
    expect(result('bsi', /^creator/, EVERY, { ...options, authors: [{ name: 'Jo' }] })).toMatchObject({ present: 0 });
  });
});

describe.skipIf(!shared('schemas'))('against the published schemas', () => {
  test.each(['1.4', '1.5', '1.6', '1.7'] as const)('CycloneDX %s', (version) => {
    const validate = cyclonedxValidator(version);
    for (const sbom of [EVERY, EMPTY]) {
      validate(jsonOf(`cyclonedx@${version}`, sbom));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test.each([
    ['spdx', spdxValidator],
    ['spdx@3', spdx3Validator],
  ] as const)('%s', (name, validator) => {
    const validate = validator();
    for (const sbom of [EVERY, EMPTY]) {
      validate(jsonOf(name, sbom));
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});
