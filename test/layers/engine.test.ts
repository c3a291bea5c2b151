import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inspectImage } from '../../src/layers/inspect.ts';
import { openImage } from '../../src/layers/open.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { engineReference } from '../../src/layers/sources/engine.ts';
import { dockerArchive, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import { shared } from '../support/shared.ts';

const tool = { name: 'dlint', version: '0' };

/** A program of that name at the head of PATH: a script for the shell. */
function program(name: string, script: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  return folder;
}

async function failure(reference: string): Promise<unknown> {
  return await inspectImage(reference, { tool }).catch((error: unknown) => error);
}

afterEach(() => void vi.unstubAllEnvs());

describe('engineReference', () => {
  it('tells engines from paths and registries', () => {
    expect(engineReference('docker-daemon:app:1')).toEqual({ program: 'docker', name: 'app:1' });
    expect(engineReference('podman:localhost/app@sha256:00')).toEqual({
      program: 'podman',
      name: 'localhost/app@sha256:00',
    });
    expect(engineReference('containers-storage:app')).toEqual({ program: 'podman', name: 'app' });
    expect(engineReference('containerd:app')).toEqual({ program: 'nerdctl', name: 'app' });
    for (const other of ['docker://app', 'app:1', './podman:app', '-']) expect(engineReference(other)).toBeUndefined();
  });

  it('refuses what would be an option or nothing', () => {
    for (const name of ['', '-o/etc/passwd', '--help', 'a b', '$(x)', 'a;b', 'a\nb']) {
      expect(() => engineReference(`docker-daemon:${name}`)).toThrow('no name of an image');
    }
  });
});

describe('images of an engine', () => {
  it('reads what the program saves, as it passes and by way of a file', async () => {
    const archive = temporaryFile(await dockerArchive([await tarOf(['etc/a', 'etc/b'])]));
    const folder = program('docker', `echo "$*" > "$(dirname "$0")/said"; cat '${archive}'`);
    const report = await inspectImage('docker-daemon:app:1', { tool });
    expect(report.image.reference).toBe('docker-daemon:app:1 (app:1)');
    expect(report.layers[0]?.entries).toBe(2);
    expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('save app:1\n');
    const scratch = new Scratch();
    const records = await scanLayers(await openImage('docker-daemon:app:1', { scratch }));
    expect(records[0]?.entries.length).toBe(2);
    scratch.dispose();
  });

  it('says what is the matter when there is no archive', async () => {
    program('podman', 'echo "Error: app: image not known" >&2; exit 125');
    expect(await failure('podman:app')).toMatchObject({ code: 'E_NO_SUCH_IMAGE', message: 'podman has no image app' });
    program('podman', 'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1');
    expect(await failure('podman:app')).toMatchObject({
      code: 'E_READ',
      message: expect.stringContaining('Cannot connect'),
      hint: expect.stringContaining('is podman running'),
    });
    program('podman', 'printf "no archive"');
    expect(await failure('podman:app')).toMatchObject({ code: 'E_NOT_AN_IMAGE' });
    vi.stubEnv('PATH', temporaryFolder());
    expect(await failure('podman:app')).toMatchObject({
      code: 'E_UNSUPPORTED',
      message: 'there is no program podman here',
    });
  });

  it('counts an archive that ends with a failure as none', async () => {
    const archive = temporaryFile(await dockerArchive([await tarOf(['a'])]));
    program('nerdctl', `cat '${archive}'; echo "broken pipe somewhere" >&2; exit 1`);
    expect(await failure('nerdctl:app')).toMatchObject({
      code: 'E_READ',
      message: expect.stringContaining('broken pipe'),
    });
  });

  it('does not wait for a program that writes without end', async () => {
    program('docker', 'yes');
    expect(await failure('docker-daemon:app')).toMatchObject({ code: 'E_NOT_AN_IMAGE' });
  });
});

describe('dir: of skopeo', () => {
  const archive = shared('images/archives/built/buildkit-oci.tar');
  const hasSkopeo = spawnSync('skopeo', ['--version']).status === 0;

  it.skipIf(!archive || !hasSkopeo)('is read as the archive it was copied from', async () => {
    const folder = join(temporaryFolder(), 'dir');
    mkdirSync(folder);
    const copied = spawnSync('skopeo', ['copy', '-q', `oci-archive:${archive}`, `dir:${folder}`], { encoding: 'utf8' });
    expect(copied.stderr).toBe('');
    const [dir, oci] = [await openImage(folder), await openImage(archive as string)];
    expect(dir.imageId).toBe(oci.imageId);
    expect(dir.layers.map(({ digest }) => digest)).toEqual(oci.layers.map(({ digest }) => digest));
    expect((await scanLayers(dir)).map(({ diffId }) => diffId)).toEqual(dir.layers.map(({ diffId }) => diffId));
    expect(dir.warnings).toEqual([]);
  });
});
