import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGitIgnore } from '../../src/gitignore.ts';
import { createDirectorySbom } from '../../src/sbom/directory.ts';
import { directoryReference } from '../../src/sbom/directory-reference.ts';
import { cyclonedx } from '../../src/sbom/writers/cyclonedx.ts';
import { spdx } from '../../src/sbom/writers/spdx.ts';
import { asNobody } from '../support/as-nobody.ts';
import { folder } from '../support/cli.ts';
import { cyclonedxValidator, spdxValidator } from '../support/sbom-schema.ts';
import { shared } from '../support/shared.ts';

const STATUS = 'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\nArchitecture: amd64\n';
const lock = (name: string, dev = false) =>
  JSON.stringify({
    packages: {
      '': { [dev ? 'devDependencies' : 'dependencies']: { [name]: '1' } },
      [`node_modules/${name}`]: { version: '1.0.0', dev },
    },
  });

let root = '';
let remove = (): void => {};
const at = (path: string) => join(root, path);
const names = (path: string, options = {}) => createDirectorySbom(at(path), options).packages.map(({ name }) => name);

beforeAll(() => {
  ({ path: root, remove } = folder({
    'fs/usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'fs/var/lib/dpkg/status': STATUS,
    'fs/usr/share/doc/base/copyright': 'License: MIT\n',
    'fs/app/package-lock.json': lock('not-installed'),
    'fs/app/node_modules/m/package.json': '{"name":"m","version":"1.0.0","license":"MIT"}',
    'fs/proc/1/node_modules/made-up/package.json': '{"name":"made-up","version":"1.0.0"}',
    'outside/node_modules/x/package.json': '{"name":"x","version":"1.0.0"}',
    'project/package.json': '{"name":"@acme/shop","version":"2.1.0","license":"MIT"}',
    'project/package-lock.json': lock('a'),
    'project/tools/package-lock.json': lock('t', true),
    'project/node_modules/a/package-lock.json': lock('inner'),
    'project/vendor/v/package-lock.json': lock('vendored'),
    'project/ignored/package-lock.json': lock('ignored'),
    'project/kept/ignored/package-lock.json': lock('again'),
    'project/.gitignore': '/ignored\n',
    'project/broken/Cargo.lock': '[[package',
    'project/.git/HEAD': '',
    'empty/readme.txt': '',
  }));
  symlinkSync('base', at('fs/usr/share/doc/libc6'));
  symlinkSync(at('outside'), at('fs/app/out'));
  symlinkSync('../../../../../../etc/passwd', at('fs/app/node_modules/m/LICENSE'));
  symlinkSync(at('outside/node_modules/x'), at('fs/app/node_modules/x'));
  symlinkSync('.', at('fs/loop'));
  mkdirSync(at('fs/opt/node_modules/fifo'), { recursive: true });
  execFileSync('mkfifo', [at('fs/opt/node_modules/fifo/package.json')]);
});
afterAll(() => remove());

describe('a root filesystem', () => {
  test('tells how far it is, file by file', () => {
    const seen: string[] = [];
    createDirectorySbom(at('fs'), { onProgress: (done, total) => seen.push(`${done} of ${total}`) });
    expect(seen[0]).toBe(`0 of ${seen.length}`);
    expect(seen.at(-1)).toBe(`${seen.length - 1} of ${seen.length}`);
    expect(seen.length).toBeGreaterThan(5);
  });

  test('is what is installed in it; links stay inside, pipes are not opened, lock files and /proc do not count', () => {
    const { packages, distro, problems, subject } = createDirectorySbom(at('fs'));
    expect(packages.map(({ purl }) => purl)).toEqual([
      'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12',
      'pkg:npm/m@1.0.0',
    ]);
    expect(packages[0]?.concludedLicense).toBe('MIT');
    expect(packages.every(({ layer, scope }) => layer === undefined && scope === undefined)).toBe(true);
    expect(distro?.id).toBe('debian');
    expect(problems).toEqual([]);
    expect(subject).toMatchObject({ kind: 'directory', name: 'fs' });
  });

  test('a file that may not be read is told', async () => {
    chmodSync(root, 0o755);
    chmodSync(at('fs/var/lib/dpkg/status'), 0);
    const { problems } = await asNobody(() => createDirectorySbom(at('fs')));
    chmodSync(at('fs/var/lib/dpkg/status'), 0o644);
    expect(problems).toEqual([{ path: 'var/lib/dpkg/status', message: 'not read: no permission' }]);
  });

  test('a folder that may not be listed is an error, and no document without packages', async () => {
    chmodSync(root, 0o755);
    chmodSync(at('fs'), 0o311);
    const created = asNobody(() => createDirectorySbom(at('fs'), { kind: 'rootfs' }));
    await expect(created).rejects.toMatchObject({
      code: 'E_READ',
      message: 'the folder cannot be read: no permission',
    });
    chmodSync(at('fs'), 0o755);
  });

  test('any folder is one that is said to be', () => {
    expect(names('outside', { kind: 'rootfs' })).toEqual(['x']);
    expect(names('outside')).toEqual([]);
  });
});

describe('a project', () => {
  test('is what its lock files pin, without what git ignores and what is installed', () => {
    const { subject, problems, packages } = createDirectorySbom(at('project'), {
      ignore: openGitIgnore(at('project')),
    });
    expect(packages.map(({ name, scope }) => [name, scope])).toEqual([
      ['a', 'production'],
      ['again', 'production'],
      ['t', 'development'],
    ]);
    expect(subject).toMatchObject({
      name: '@acme/shop',
      version: '2.1.0',
      purl: 'pkg:npm/%40acme/shop@2.1.0',
      license: 'MIT',
    });
    expect(problems).toEqual([{ path: 'broken/Cargo.lock', message: expect.stringMatching(/^not understood: /) }]);
  });

  test('without development, and without a manifest', () => {
    expect(names('project', { excludeDev: true })).toEqual(['a', 'again', 'ignored']);
    expect(createDirectorySbom(at('empty'))).toMatchObject({ subject: { name: 'empty' }, packages: [], problems: [] });
  });

  test('the same files give the same document, others another', () => {
    const serial = () =>
      JSON.parse([...cyclonedx(createDirectorySbom(at('project/tools')), { toolVersion: '1' })].join('')).serialNumber;
    const before = serial();
    expect(serial()).toBe(before);
    writeFileSync(at('project/tools/package-lock.json'), `${lock('t', true)}\n`);
    expect(serial()).not.toBe(before);
  });
});

test('which folder is an image, and which none', () => {
  const { path, remove } = folder({
    'layout/oci-layout': '{}',
    'docker/manifest.json': '[{"Config":"x"}]',
    'skopeo/manifest.json': '{}',
    'skopeo/version': 'Directory Transport Version: 1.1\n',
    'web/manifest.json': '{"name":"a web application"}',
  });
  const found = ['layout', 'docker', 'skopeo', 'web', 'missing'].map(
    (name) => directoryReference(join(path, name)) !== undefined,
  );
  remove();
  expect(found).toEqual([false, false, false, true, false]);
  expect([directoryReference('dir:x'), directoryReference('rootfs:x'), directoryReference('debian:12')]).toEqual([
    { path: 'x' },
    { path: 'x', kind: 'rootfs' },
    undefined,
  ]);
});

describe.skipIf(!shared('schemas'))('documents of folders', () => {
  test.each(['fs', 'project', 'empty'])('%s fits the schemas', (name) => {
    const sbom = createDirectorySbom(at(name));
    const [bom, document] = [cyclonedx, spdx].map((write) =>
      JSON.parse([...write(sbom, { toolVersion: '1' })].join('')),
    );
    const validators = [cyclonedxValidator('1.6'), spdxValidator()];
    expect([validators[0]?.(bom), validators[0]?.errors]).toEqual([true, null]);
    expect([validators[1]?.(document), validators[1]?.errors]).toEqual([true, null]);
    expect(bom.metadata.component.type).toBe('application');
  });
});
