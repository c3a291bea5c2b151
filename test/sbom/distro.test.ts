import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectDistro, distroQualifier, parseAssignments } from '../../src/sbom/distro.ts';
import { catalogFiles } from '../support/catalog-files.ts';
import { memoryView } from '../support/memory-tree.ts';
import { shared } from '../support/shared.ts';

/** Folder under ../shared/sbom → `distro` qualifier, or undefined for none. */
const EXPECTED: Record<string, string | undefined> = {
  'os-release/almalinux/from-os-release': 'almalinux-8.4',
  'os-release/almalinux/from-redhat-release': 'almalinux-8.10',
  'os-release/alpine': 'alpine-3.11.6',
  'os-release/amazon': 'amzn-2',
  'os-release/arch': 'arch',
  'os-release/busybox': 'busybox-1.31.1',
  'os-release/centos': 'centos-8',
  'os-release/centos5': 'centos-5.7',
  'os-release/centos6': 'centos-6',
  'os-release/custom': 'scientific-8',
  'os-release/debian/from-debian_version': 'debian-10.8',
  'os-release/debian/from-os-release': 'debian-8',
  'os-release/debian/with-point-release': 'debian-13.5',
  'os-release/fedora': 'fedora-36',
  'os-release/mariner': 'mariner-1.0',
  'os-release/opensuse-leap': 'opensuse-leap-15.2',
  'os-release/oraclelinux': 'ol-8.3',
  'os-release/photon': 'photon-2.0',
  'os-release/redhat/from-os-release': 'rhel-7.3',
  'os-release/redhat/from-redhat-release': 'rhel-8.10',
  'os-release/rockylinux/from-os-release': 'rocky-8.4',
  'os-release/rockylinux/from-redhat-release': 'rocky-8.10',
  'os-release/scientific/from-os-release': 'scientific-7.5',
  'os-release/scientific/from-redhat-release': 'scientific-7.9',
  'os-release/sles': 'sles-15.2',
  'os-release/ubuntu': 'ubuntu-20.04',
  'os-release/wolfi': 'wolfi-20220914',
  'os-release-partial/missing-version': 'linux',
  'os-release-partial/unknown-id': 'my-awesome-distro-8',
  'os-release-snyk/alpine_2_6_6/fs': 'alpine-2.6.6',
  'os-release-snyk/alpine_3_7_0/fs': 'alpine-3.7.0',
  'os-release-snyk/alpine_release_corrupt/fs': undefined,
  'os-release-snyk/centos_6/fs': 'centos-6.9',
  'os-release-snyk/debian_8/fs': 'debian-8',
  'os-release-snyk/debian_9/fs': 'debian-9',
  'os-release-snyk/debian_unstable/fs': 'debian',
  'os-release-snyk/debian_version_corrupt/fs': undefined,
  'os-release-snyk/oraclelinux_5_11/fs': 'ol-5.11',
  'os-release-snyk/oraclelinux_7_5/fs': 'ol-7.5',
  'os-release-snyk/os_release_corrupt/fs': 'linux-bionic',
  'os-release-snyk/redhat_6_5/fs': 'rhel-6.5',
  'os-release-snyk/redhat_7/fs': 'rhel-7.0',
  'os-release-snyk/ubuntu_10_04/fs': 'ubuntu-10.04',
  'os-release-snyk/ubuntu_12_04/fs': 'ubuntu-12.04',
  'os-release-snyk/ubuntu_16_04/fs': 'ubuntu-16.04',
  'os-release-snyk/ubuntu_18_04/fs': 'ubuntu-18.04',
  'os-release-trivy/debian/testdata/debian_9': 'debian-9.8',
  'os-release-trivy/debian/testdata/debian_sid': 'debian',
};

function filesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(folder, name)).isFile());
}

describe.skipIf(!shared('sbom/os-release'))('the distributions of ../shared/sbom', () => {
  const root = shared('sbom') as string;

  test.each(Object.entries(EXPECTED))('%s', (folder, expected) => {
    const names = filesOf(join(root, folder));
    expect(names).not.toEqual([]);
    const view = memoryView(Object.fromEntries(names.map((name) => [name, readFileSync(join(root, folder, name))])));
    expect(distroQualifier(detectDistro(view))).toBe(expected);
  });

  test.each(Object.entries(EXPECTED))('%s: qualifier of the packages', (folder, expected) => {
    const names = filesOf(join(root, folder)).filter((name) => statSync(join(root, folder, name)).size < 1 << 20);
    const { components } = catalogFiles({
      ...Object.fromEntries(names.map((name) => [name, readFileSync(join(root, folder, name))])),
      'lib/apk/db/installed': 'P:a\nV:1-r0\n',
      'var/lib/dpkg/status': 'Package: b\nStatus: install ok installed\nVersion: 1\n',
    });
    const id = detectDistro(
      memoryView(Object.fromEntries(names.map((name) => [name, readFileSync(join(root, folder, name))]))),
    )?.id;
    const qualifier = expected ? `?distro=${expected}` : '';
    expect(components.map(({ purl }) => purl).filter((purl) => !purl.startsWith('pkg:generic/'))).toEqual([
      `pkg:apk/${id ?? 'alpine'}/a@1-r0${qualifier}`,
      `pkg:deb/${id ?? 'debian'}/b@1${qualifier}`,
    ]);
  });

  // Python's reader of os-release(5) is somebody else's.
  const oracle = spawnSync('python3', ['-c', 'import platform; platform._parse_os_release']).status === 0;
  test.skipIf(!oracle)('id, name and the like are what Python reads', () => {
    const script =
      'import platform,json,sys\nprint(json.dumps([dict(platform._parse_os_release(open(f))) for f in sys.argv[1:]]))';
    const files = [
      ...Object.keys(EXPECTED).flatMap((folder) =>
        ['etc/os-release', 'usr/lib/os-release'].map((path) => join(root, folder, path)),
      ),
      ...filesOf(join(root, 'os-release-trivy/release/testdata')).map((name) =>
        join(root, 'os-release-trivy/release/testdata', name),
      ),
    ].filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
    const { stdout } = spawnSync('python3', ['-c', script, ...files], { encoding: 'utf8' });
    const read = JSON.parse(stdout) as Record<string, string>[];
    expect(files.length).toBeGreaterThan(50);
    for (const [i, path] of files.entries()) {
      const distro = detectDistro(memoryView({ 'etc/os-release': readFileSync(path) }));
      const values = read[i] as Record<string, string>;
      // What is not stated is "Linux" to Python, by default.
      const { id, idLike, name = 'Linux', prettyName = 'Linux' } = distro as NonNullable<typeof distro>;
      expect({ path, id, like: idLike.join(' '), name, prettyName }).toEqual({
        path,
        id: (values.ID ?? 'linux').toLowerCase(),
        like: values.ID_LIKE ?? '',
        name: values.NAME,
        prettyName: values.PRETTY_NAME,
      });
    }
  });

  test.each([
    ['esm_enabled_status.json', true],
    ['esm_disabled_status.json', undefined],
    ['invalid', undefined],
  ])('extended maintenance of Ubuntu: %s', (name, expected) => {
    const folder = join(root, 'os-release-trivy/ubuntu/testdata');
    const distro = detectDistro(
      memoryView({
        'etc/lsb-release': readFileSync(join(folder, 'lsb-release')),
        'var/lib/ubuntu-advantage/status.json': readFileSync(join(folder, name)),
      }),
    );
    expect(distro).toMatchObject({ id: 'ubuntu', versionId: '18.04', codename: 'bionic' });
    expect(distro?.hasExtendedSupport).toBe(expected);
  });

  // Bare files, each an os-release.
  test.each(filesOf(join(root, 'os-release-trivy/release/testdata')))('release file %s', (name) => {
    const text = readFileSync(join(root, 'os-release-trivy/release/testdata', name), 'utf8');
    const distro = detectDistro(
      memoryView({ 'usr/lib/os-release': text, 'etc/os-release': { link: '../usr/lib/os-release' } }),
    );
    const stated = (key: string) => new RegExp(`^${key}="?([^"\n]*)`, 'm').exec(text)?.[1];
    expect(distro?.id).toBe(stated('ID') ?? 'linux');
    expect(distro?.versionId).toBe(stated('VERSION_ID'));
  });

  test('no folder is left out', () => {
    const covered = Object.keys(EXPECTED);
    const all = ['os-release', 'os-release-partial', 'os-release-snyk', 'os-release-trivy'].flatMap((folder) =>
      filesOf(join(root, folder)).map((name) => `${folder}/${name}`),
    );
    expect(all).toHaveLength(85);
    const left = all.filter((path) => !covered.some((folder) => path.startsWith(`${folder}/`)));
    const others = /^os-release-trivy\/(?:release|ubuntu)\/testdata\//;
    expect(left.filter((path) => !others.test(path))).toEqual([]);
  });
});

test('a symlink out of the root stays in it', () => {
  const view = memoryView({ 'etc/os-release': { link: '/../../usr/lib/os-release' }, 'usr/lib/os-release': 'ID=x\n' });
  expect(detectDistro(view)?.id).toBe('x');
});

test('busybox is asked last', () => {
  const busybox = `\0\0BusyBox v1.36.1 (2024-01-01)\0`;
  expect(detectDistro(memoryView({ 'bin/busybox': busybox }))).toMatchObject({ id: 'busybox', versionId: '1.36.1' });
  expect(detectDistro(memoryView({ 'bin/busybox': busybox, 'etc/alpine-release': '3.20.1\n' }))?.id).toBe('alpine');
});

test('a point release refines only its own release', () => {
  const files = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };
  expect(detectDistro(memoryView({ ...files, 'etc/debian_version': '12.15\n' }))?.versionId).toBe('12.15');
  expect(detectDistro(memoryView({ ...files, 'etc/debian_version': '13.1\n' }))?.versionId).toBe('12');
});

test('quotes and escapes of os-release(5)', () => {
  const values = parseAssignments(`A="a \\"b\\" \\$c"\nB='d e'\n# C=x\nD=f g\nE="open\n`);
  expect(Object.fromEntries(values)).toEqual({ A: 'a "b" $c', B: 'd e', D: 'f g', E: 'open' });
});
