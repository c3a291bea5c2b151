import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { listImages, openImage } from '../../src/layers/open.ts';
import type { LayerRecord } from '../../src/layers/record.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { OciFiles, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import {
  hasPrograms,
  proxyTo,
  type RealRegistry,
  serveForTest,
  startRegistry,
  startTokenServer,
  type TokenServer,
  USER,
} from '../support/registry.ts';
import { shared } from '../support/shared.ts';

const run = promisify(execFile);
const keep = [{ name: 'keep', options: { globs: ['**/hostname'] } }];
const plain = (records: readonly LayerRecord[]) =>
  records.map(({ entries, ...record }) => ({ ...record, entries: [...entries] }));

async function failure(run: () => Promise<unknown>): Promise<DlintError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof DlintError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

/** A folder with `config.json`, in place of the user's. */
function dockerConfig(config: object): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  vi.stubEnv('DOCKER_CONFIG', folder);
  vi.stubEnv('REGISTRY_AUTH_FILE', '');
  vi.stubEnv('XDG_RUNTIME_DIR', '');
  return folder;
}

const basic = Buffer.from(`${USER.name}:${USER.password}`).toString('base64');

describe.skipIf(!hasPrograms('docker-registry', 'skopeo'))('a registry', () => {
  let open: RealRegistry;
  let closed: RealRegistry;
  let tokens: TokenServer;
  let bearer: RealRegistry;
  let files: OciFiles;
  let archive = '';

  beforeAll(async () => {
    const layers = await Promise.all([
      tarOf([{ name: 'etc/hostname', body: 'box\n' }, { name: 'usr/large', body: randomBytes(1_500_000) }, 'bin/sh']),
      tarOf([{ name: 'etc/.wh.hostname' }, { name: 'new', body: randomBytes(1_000_000) }]),
    ]);
    files = new OciFiles();
    files.top([files.manifest(layers)]);
    archive = join(mkdtempSync(join(tmpdir(), 'dlint-test-')), 'image.tar');
    writeFileSync(archive, await files.archive());
    tokens = await startTokenServer();
    open = await startRegistry('none');
    closed = await startRegistry('htpasswd');
    bearer = await startRegistry({ token: tokens });
    for (const registry of [open, closed, bearer]) await registry.push(`oci-archive:${archive}`, 'team/app:1');
  }, 60_000);

  afterAll(async () => {
    vi.unstubAllEnvs();
    for (const server of [open, closed, bearer, tokens]) await server?.stop();
    if (archive) rmSync(dirname(archive), { recursive: true });
  });

  it('gives the records that the archive of the same image gives', async () => {
    dockerConfig({});
    const image = await openImage(`${open.host}/team/app:1`);
    const local = await openImage(archive);
    expect(image).toMatchObject({
      reference: `${open.host}/team/app:1`,
      tags: [`${open.host}/team/app:1`],
      format: 'registry',
      imageId: local.imageId,
      manifestDigest: local.manifestDigest,
      platform: local.platform,
      warnings: [],
    });
    const without = ({ at: _, ...layer }: (typeof image.layers)[number]) => layer;
    expect(image.layers.map(without)).toEqual(local.layers.map(without));
    const records = await scanLayers(image, keep);
    expect(plain(records)).toEqual(plain(await scanLayers(local, keep)));
    expect(records[0]?.facts.keep).toHaveLength(1);
  });

  it.each([
    [
      'by digest',
      () => `${open.host}/team/app@${JSON.parse(String(files.files.get('index.json'))).manifests[0].digest}`,
    ],
    [
      'by tag and digest',
      () => `docker://${open.host}/team/app:9@${JSON.parse(String(files.files.get('index.json'))).manifests[0].digest}`,
    ],
  ])('opens an image %s', async (_, reference) => {
    expect((await openImage(reference())).layers).toHaveLength(2);
  });

  it('converts nothing: what skopeo pushed as Docker schema 2 is read as that', async () => {
    await open.push(`oci-archive:${archive}`, 'docker/app:2', '--format', 'v2s2');
    const image = await openImage(`${open.host}/docker/app:2`);
    expect(image.layers[0]?.mediaType).toBe('application/vnd.docker.image.rootfs.diff.tar.gzip');
    expect((await scanLayers(image))[0]?.entries.length).toBe(3);
  });

  it('says which tags there are', async () => {
    const error = await failure(() => openImage(`${open.host}/team/app:12`));
    expect(error).toMatchObject({
      code: 'E_REGISTRY',
      message: `there is no ${open.host}/team/app:12`,
      hint: 'tags there: 1',
    });
    expect((await failure(() => openImage(`${open.host}/team/other:1`))).message).toMatch(/^there is no /);
  });

  it('chooses the platform of an index and leaves attestations out', async () => {
    const index = new OciFiles();
    const layer = async (name: string) => [await tarOf([name])];
    const manifests = [
      {
        ...index.manifest(await layer('amd'), { architecture: 'amd64' }),
        platform: { os: 'linux', architecture: 'amd64' },
      },
      {
        ...index.manifest(await layer('v6'), { architecture: 'arm' }),
        platform: { os: 'linux', architecture: 'arm', variant: 'v6' },
      },
      {
        ...index.manifest(await layer('v7'), { architecture: 'arm' }),
        platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
      },
      {
        ...index.manifest(await layer('arm64'), { architecture: 'arm64' }),
        platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      },
      {
        ...index.manifest(await layer('says'), { architecture: 'unknown', os: 'unknown' }),
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ];
    index.top([index.index(manifests)]);
    const file = temporaryFile(await index.archive());
    await open.push(`oci-archive:${file}`, 'multi:1', '--all');
    const name = `${open.host}/multi:1`;
    const found = await listImages(name);
    expect(found.map(({ platform }) => platform?.variant ?? platform?.architecture)).toEqual([
      'amd64',
      'v6',
      'v7',
      'v8',
    ]);
    const chosen = async (os: string, architecture: string, variant?: string) => {
      const image = await openImage(name, { platform: { os, architecture, ...(variant && { variant }) } });
      const [record] = await scanLayers(image);
      return record?.entries.path(0);
    };
    expect(await chosen('linux', 'arm')).toBe('v7');
    expect(await chosen('linux', 'arm', 'v6')).toBe('v6');
    expect(await chosen('linux', 'arm', 'v8')).toBe('v7');
    expect(await chosen('linux', 'arm64')).toBe('arm64');
    expect((await failure(() => chosen('linux', 'arm', 'v5'))).code).toBe('E_NO_SUCH_IMAGE');
    const error = await failure(() => chosen('windows', 'amd64'));
    expect(error).toMatchObject({ code: 'E_NO_SUCH_IMAGE', hint: expect.stringContaining('linux/arm/v6') });
  });

  describe('that asks for a password', () => {
    it('takes it from auths, and says so where there is none or a wrong one', async () => {
      const folder = dockerConfig({ auths: { [closed.host]: { auth: basic } } });
      expect(await scanLayers(await openImage(`${closed.host}/team/app:1`))).toHaveLength(2);
      dockerConfig({});
      const none = await failure(() => openImage(`${closed.host}/team/app:1`));
      expect(none).toMatchObject({ code: 'E_REGISTRY', hint: `docker login ${closed.host}` });
      const wrong = dockerConfig({
        auths: { [closed.host]: { auth: Buffer.from('alice:secret-word').toString('base64') } },
      });
      const error = await failure(() => openImage(`${closed.host}/team/app:1`));
      expect(error.message).toContain(`does not take the credentials of ${wrong}/config.json`);
      expect(JSON.stringify([error, error.message, String(error.cause)])).not.toMatch(/secret-word|alice/);
      expect(folder).not.toBe(wrong);
    });

    it("takes it from a helper before auths, and from podman's file after", async () => {
      const bin = temporaryFolder();
      const helper = join(bin, 'docker-credential-fake');
      const answer = JSON.stringify({ ServerURL: closed.host, Username: USER.name, Secret: USER.password });
      writeFileSync(
        helper,
        `#!/bin/sh\nread host\n[ "$host" = "${closed.host}" ] || { echo credentials not found; exit 1; }\necho '${answer}'\n`,
      );
      chmodSync(helper, 0o755);
      vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
      dockerConfig({
        credHelpers: { [closed.host]: 'fake' },
        credsStore: 'absent',
        auths: { [closed.host]: { auth: 'd3Jvbmc6eA==' } },
      });
      expect((await openImage(`${closed.host}/team/app:1`)).layers).toHaveLength(2);
      dockerConfig({ credsStore: 'absent' });
      const runtime = temporaryFolder();
      mkdirSync(join(runtime, 'containers'));
      const auth = { auths: { 'other.example': {}, [`${closed.host}/team`]: { auth: basic } } };
      writeFileSync(join(runtime, 'containers', 'auth.json'), JSON.stringify(auth));
      expect((await failure(() => openImage(`${closed.host}/team/app:1`))).hint).toMatch(
        /docker-credential-absent is not there/,
      );
      vi.stubEnv('XDG_RUNTIME_DIR', runtime);
      expect((await openImage(`${closed.host}/team/app:1`)).layers).toHaveLength(2);
      vi.stubEnv('XDG_RUNTIME_DIR', '');
      vi.stubEnv('REGISTRY_AUTH_FILE', join(runtime, 'containers', 'auth.json'));
      expect((await openImage(`${closed.host}/team/app:1`)).layers).toHaveLength(2);
    });
  });

  describe('that asks for a token', () => {
    it('gets one with a password, once for the whole image', async () => {
      dockerConfig({ auths: { [bearer.host]: { auth: basic } } });
      tokens.asked.length = 0;
      const image = await openImage(`${bearer.host}/team/app:1`);
      expect(tokens.asked).toEqual(['GET basic']);
      expect(await scanLayers(image)).toHaveLength(2);
      expect(tokens.asked).toEqual(['GET basic', 'GET basic']);
    });

    it('gets one with an identity token', async () => {
      dockerConfig({
        auths: {
          [bearer.host]: { auth: Buffer.from('00000000:').toString('base64'), identitytoken: tokens.identityToken },
        },
      });
      tokens.asked.length = 0;
      expect((await openImage(`${bearer.host}/team/app:1`)).layers).toHaveLength(2);
      expect(tokens.asked).toEqual(['POST refresh_token']);
    });

    it('asks without credentials where there are none, and tells', async () => {
      dockerConfig({});
      const error = await failure(() => openImage(`${bearer.host}/team/app:1`));
      expect(error).toMatchObject({ code: 'E_REGISTRY', message: expect.stringContaining('without credentials') });
    });
  });

  it('is read through a proxy that cuts, answers 429 and 500, and ends well', async () => {
    dockerConfig({});
    let requests = 0;
    const ranges: string[] = [];
    const proxy = await serveForTest(
      proxyTo(open.host, (request, response) => {
        requests++;
        if (requests === 2) return Boolean(response.writeHead(429, { 'retry-after': '0' }).end());
        if (requests === 4) return Boolean(response.writeHead(500).end());
        if (requests === 6) return Boolean(response.destroy());
        if (request.headers.range) ranges.push(request.headers.range);
        if (!request.url?.includes('/blobs/') || request.headers.range) return false;
        return (chunk, at) => (at > 0 ? null : chunk.length > 500 ? chunk.subarray(0, chunk.length >> 1) : chunk);
      }),
    );
    const image = await openImage(`${proxy}/team/app:1`);
    expect(plain(await scanLayers(image))).toEqual(plain(await scanLayers(await openImage(archive))));
    expect(requests).toBeGreaterThan(6);
    expect(ranges.every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true);
  });

  it('is read by the program, in its worker threads: more than they are worth', async () => {
    const { stdout } = await run(process.execPath, ['bin/run.js', 'inspect', '-f', 'json', `${open.host}/team/app:1`]);
    const report = JSON.parse(stdout) as { image: { reference: string }; layers: object[] };
    const local = JSON.parse((await run(process.execPath, ['bin/run.js', 'inspect', '-f', 'json', archive])).stdout);
    expect(report.image.reference).toBe(`${open.host}/team/app:1`);
    expect(report.layers).toEqual(local.layers);
  });

  it.skipIf(!shared('images/archives'))('gives what real archives give that skopeo pushed', async () => {
    dockerConfig({});
    for (const name of [
      'built/buildkit-oci.tar',
      'dive__.data_test-oci-zstd-image.tar',
      'stereoscope__testdata_valid-oci.tar',
    ]) {
      const file = shared(`images/archives/${name}`) as string;
      await open.push(`oci-archive:${file}`, 'real:1');
      const image = await openImage(`${open.host}/real:1`);
      expect(plain(await scanLayers(image))).toEqual(plain(await scanLayers(await openImage(file))));
    }
  });
});
