import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createSbom } from '../../src/sbom/create-sbom.ts';
import { isExpression, licenseRefs } from '../../src/sbom/license.ts';
import { buildPurl, parsePurl } from '../../src/sbom/purl.ts';
import type { Sbom } from '../../src/sbom/sbom.ts';
import { cyclonedx } from '../../src/sbom/writers/cyclonedx.ts';
import { IDS_NOT_IN_SCHEMA } from '../../src/sbom/writers/cyclonedx-license.ts';
import { spdx } from '../../src/sbom/writers/spdx.ts';
import { sbomTable } from '../../src/sbom/writers/table.ts';
import { sbomOfLayers } from '../support/image-of.ts';
import { cyclonedxValidator, spdxValidator } from '../support/sbom-schema.ts';
import { shared } from '../support/shared.ts';

const options = { toolVersion: '1.2.3' };

const MIXED = sbomOfLayers(
  [
    {
      'etc/os-release':
        'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nCPE_NAME="cpe:/o:x:y:1"\n',
      'var/lib/dpkg/status': [
        'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u10\nArchitecture: amd64\nSource: glibc\nDepends: libgcc-s1\nMaintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>\nHomepage: https://www.gnu.org/software/libc/libc.html\n',
        'Package: libgcc-s1\nStatus: install ok installed\nVersion: 12.2.0-14\nArchitecture: amd64\nDepends: gcc-12-base (= 12.2.0-14), libc6 (>= 2.35)\nMaintainer: A <not an address>\nHomepage: git@host:path\n',
        'Package: python3-six\nStatus: install ok installed\nVersion: 1.16.0-4\nArchitecture: all\nDepends: nothing-here | libc6:any\n',
      ].join('\n'),
      'var/lib/dpkg/info/python3-six.list': '/.\n/usr\n/usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO\n',
      'usr/share/doc/gcc-12-base/copyright': 'Files: *\nLicense: GPL-3+ with GCC exception or weird-license\n',
      'usr/share/doc/libgcc-s1': { link: 'gcc-12-base' },
      'usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO': 'Name: six\nVersion: 1.16.0\nLicense: MIT\n',
    },
    {
      'app/node_modules/.package-lock.json': JSON.stringify({
        packages: {
          'node_modules/@a/b': {
            version: '1.0.0',
            resolved: 'https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz',
            integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}`,
          },
        },
      }),
      'app/node_modules/@a/b/package.json': JSON.stringify({
        name: '@a/b',
        version: '1.0.0',
        license: 'BSD-Source-Code-no-disclaimer',
        homepage: 'https://example.org/a b',
        repository: 'git+ssh://git@github.com/a/b.git',
        author: { name: 'A\u0007', email: 'no' },
        dependencies: { c: '*' },
      }),
      'app/node_modules/c/package.json':
        '{"name":"c","version":"2.0.0","license":"(MIT OR Apache-2.0)","dependencies":{"@a/b":"1"}}',
      'srv/node_modules/c/package.json': '{"name":"c","version":"2.0.0"}',
    },
  ],
  { manifestDigest: `sha256:${'b'.repeat(64)}` },
);

const EMPTY = sbomOfLayers([{}], {
  tags: [],
  reference: '/tmp/x y/Ä.tar',
  created: '0001-01-01T00:00:00Z',
  platform: null,
});

const text = (pieces: Iterable<string>) => [...pieces].join('');
const bom = (sbom: Sbom) => JSON.parse(text(cyclonedx(sbom, options)));

function checkCyclonedx(sbom: Sbom): void {
  const document = bom(sbom);
  const refs: string[] = [
    document.metadata.component['bom-ref'],
    ...document.components.map((c: { 'bom-ref': string }) => c['bom-ref']),
  ];
  expect(new Set(refs).size).toBe(refs.length);
  const reached = new Set<string>([refs[0] as string]);
  const edges = new Map<string, string[]>();
  for (const { ref, dependsOn } of document.dependencies) {
    expect(edges.has(ref)).toBe(false);
    edges.set(ref, dependsOn);
    expect(new Set(dependsOn).size).toBe(dependsOn.length);
    for (const target of dependsOn) expect(refs).toContain(target);
  }
  for (const ref of reached) for (const next of edges.get(ref) ?? []) reached.add(next);
  expect([...reached].sort()).toEqual([...refs].sort());
  for (const component of document.components) {
    if (component.purl) expect(buildPurl(parsePurl(component.purl))).toBe(component.purl);
    for (const { expression } of component.licenses ?? []) if (expression) expect(isExpression(expression)).toBe(true);
  }
}

function checkSpdx(sbom: Sbom): void {
  const document = JSON.parse(text(spdx(sbom, options)));
  const ids: string[] = ['SPDXRef-DOCUMENT', ...document.packages.map((one: { SPDXID: string }) => one.SPDXID)];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
  expect(document.documentNamespace).toMatch(/^https:\/\/[^#\s]+$/);
  const described = document.relationships.filter(
    (one: { relationshipType: string }) => one.relationshipType === 'DESCRIBES',
  );
  expect(described).toHaveLength(1);
  for (const { spdxElementId, relatedSpdxElement } of document.relationships) {
    expect(ids).toContain(spdxElementId);
    expect(ids).toContain(relatedSpdxElement);
  }
  const known = document.hasExtractedLicensingInfos.map((one: { licenseId: string }) => one.licenseId);
  expect(new Set(known).size).toBe(known.length);
  const used = new Set<string>();
  for (const { licenseDeclared, licenseConcluded } of document.packages) {
    for (const license of [licenseDeclared, licenseConcluded]) {
      if (license === undefined || license === 'NOASSERTION') continue;
      expect(isExpression(license), license).toBe(true);
      for (const ref of licenseRefs(license)) used.add(ref);
    }
  }
  expect([...used].sort()).toEqual([...known].sort());
}

describe('CycloneDX', () => {
  test('unique references, all known, everything reached from the root', () => {
    checkCyclonedx(MIXED);
    checkCyclonedx(EMPTY);
  });

  test('the root is the image', () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    const { metadata } = bom(MIXED);
    expect(metadata.component).toMatchObject({
      type: 'container',
      name: 'ghcr.io/acme/app',
      version: '1.2',
      purl: `pkg:oci/app@${digest}?arch=amd64&repository_url=ghcr.io%2Facme%2Fapp&tag=1.2`,
    });
    expect(metadata.timestamp).toBe('2026-01-02T03:04:05Z');
    expect(bom(EMPTY).metadata.component).toMatchObject({ name: 'Ä', version: `sha256:${'a'.repeat(64)}` });
    expect(bom(EMPTY).metadata.timestamp).toBe('1970-01-01T00:00:00Z');
  });

  test('a component says where it is from', () => {
    const component = bom(MIXED).components.find((one: { group?: string }) => one.group === '@a');
    expect(component).toEqual({
      type: 'library',
      'bom-ref': 'pkg:npm/%40a/b@1.0.0',
      supplier: { name: 'A\u0007' },
      group: '@a',
      name: 'b',
      version: '1.0.0',
      hashes: [{ alg: 'SHA-512', content: '07'.repeat(64) }],
      licenses: [
        { license: { name: 'BSD-Source-Code-no-disclaimer', acknowledgement: 'declared' } },
        { license: { name: 'BSD-Source-Code-no-disclaimer', acknowledgement: 'concluded' } },
      ],
      purl: 'pkg:npm/%40a/b@1.0.0',
      externalReferences: [
        {
          url: 'https://registry.npmjs.org/@a/b/-/b-1.0.0.tgz',
          type: 'distribution',
          hashes: [{ alg: 'SHA-512', content: '07'.repeat(64) }],
        },
        { url: 'https://github.com/a/b.git', type: 'vcs' },
      ],
      properties: [
        { name: 'dlint:foundBy', value: 'npm' },
        { name: 'dlint:layer:createdBy', value: 'RUN step 2' },
        { name: 'dlint:layer:diffId', value: `sha256:${'2'.repeat(64)}` },
        { name: 'dlint:layer:index', value: '2' },
      ],
      evidence: {
        // One alone, as syft 1.18 reads it; 1.7 has a list.
        identity: {
          field: 'purl',
          confidence: 1,
          methods: [{ technique: 'manifest-analysis', confidence: 1, value: '/app/node_modules/@a/b/package.json' }],
        },
        occurrences: [{ location: '/app/node_modules/@a/b/package.json' }],
      },
    });
  });

  test('the same package in two places is one component with both', () => {
    const found = bom(MIXED).components.filter((one: { name: string }) => one.name === 'c');
    expect(found).toHaveLength(1);
    expect(found[0].evidence.occurrences).toEqual([
      { location: '/app/node_modules/c/package.json' },
      { location: '/srv/node_modules/c/package.json' },
    ]);
    expect(found[0].licenses).toEqual([{ expression: 'MIT OR Apache-2.0', acknowledgement: 'declared' }]);
  });

  test('a package inside a system package is marked and linked', () => {
    const document = bom(MIXED);
    const owner = 'pkg:deb/debian/python3-six@1.16.0-4?arch=all&distro=debian-12';
    const six = document.components.find((one: { name: string }) => one.name === 'six');
    expect(six.properties).toContainEqual({ name: 'dlint:ownedBy', value: owner });
    const edges = document.dependencies.find((one: { ref: string }) => one.ref === owner);
    expect(edges.dependsOn).toEqual([
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12&upstream=glibc',
      'pkg:pypi/six@1.16.0',
    ]);
  });

  test('SOURCE_DATE_EPOCH sets the time, and the same input gives the same bytes', () => {
    const at = { ...options, sourceDateEpoch: 86_400 };
    expect(JSON.parse(text(cyclonedx(MIXED, at))).metadata.timestamp).toBe('1970-01-02T00:00:00Z');
    expect(text(cyclonedx(MIXED, options))).toBe(text(cyclonedx(MIXED, options)));
    expect(bom(MIXED).serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(text(cyclonedx(MIXED, at))).not.toContain(bom(MIXED).serialNumber);
  });
});

test('SPDX: the rules that its schema does not check', () => {
  checkSpdx(MIXED);
  checkSpdx(EMPTY);
});

describe('the table', () => {
  test.each([80, 100, 200])('%i columns hold every line', (width) => {
    for (const line of text(sbomTable(MIXED, { color: false, width })).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test('one line each', () => {
    const lines = text(sbomTable(MIXED, { color: false, width: 100 })).split('\n');
    expect(lines[0]).toMatch(/^NAME +VERSION +TYPE +LICENSE +LAYER$/);
    expect(lines).toContainEqual(expect.stringMatching(/^c +2\.0\.0 +npm +MIT OR Apache-2\.0 +2$/));
    expect(lines.at(-2)).toBe('6 packages (3 deb, 2 npm, 1 pypi) · Debian GNU/Linux 12 (bookworm)');
  });
});

describe.skipIf(!shared('schemas'))('against the published schemas', () => {
  test.each([['1.6', cyclonedx] as const])('CycloneDX %s', (version, write) => {
    const validate = cyclonedxValidator(version);
    for (const sbom of [MIXED, EMPTY]) {
      validate(JSON.parse(text(write(sbom, options))));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('SPDX 2.3', () => {
    const validate = spdxValidator();
    for (const sbom of [MIXED, EMPTY]) {
      validate(JSON.parse(text(spdx(sbom, options))));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('the licence ids that CycloneDX does not know are exactly these', () => {
    const known = new Set(JSON.parse(readFileSync(shared('schemas/spdx.schema.json') as string, 'utf8')).enum);
    const root = new URL('../../node_modules/spdx-license-ids/', import.meta.url);
    const ids = ['index.json', 'deprecated.json'].flatMap((name): string[] =>
      JSON.parse(readFileSync(new URL(name, root), 'utf8')),
    );
    expect(ids.filter((id) => !known.has(id)).sort()).toEqual([...IDS_NOT_IN_SCHEMA].sort());
  });
});

const ARCHIVES: readonly (readonly [file: string, packages: number, distro: string])[] = [
  ['go-containerregistry__mutate_test_new_hc.tar', 16, 'Alpine Linux v3.22'],
  ['snyk-docker-plugin__npm-without-lockfiles_yarn-with-lock-file.tar', 15, 'Alpine Linux v3.19'],
  ['trivy__fixtures_alpine-39.tar.gz', 14, 'Alpine Linux v3.9'],
  ['trivy__testdata_alpine-311.tar.gz', 14, 'Alpine Linux v3.11'],
];

describe.skipIf(!shared('images/archives') || !shared('schemas'))('real images', () => {
  test.each(ARCHIVES)('%s: %i apk packages', async (file, packages, distro) => {
    const sbom = await createSbom(shared(`images/archives/${file}`) as string);
    expect(sbom.packages.filter(({ ecosystem }) => ecosystem === 'apk')).toHaveLength(packages);
    expect(sbom.distro?.prettyName).toBe(distro);
    expect(sbom.problems).toEqual([]);
    checkCyclonedx(sbom);
    checkSpdx(sbom);
    const [forCyclonedx, forSpdx] = [cyclonedxValidator('1.6'), spdxValidator()];
    forCyclonedx(bom(sbom));
    forSpdx(JSON.parse(text(spdx(sbom, options))));
    expect([...(forCyclonedx.errors ?? []), ...(forSpdx.errors ?? [])]).toEqual([]);
  });
});
