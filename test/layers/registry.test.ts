import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { LIMITS } from '../../src/layers/limits.ts';
import { openImage } from '../../src/layers/open.ts';
import { readBodies } from '../../src/layers/read-bodies.ts';
import { scanLayer } from '../../src/layers/scan-layer.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { followAddress } from '../../src/layers/sources/registry/address.ts';
import { blobChunks } from '../../src/layers/sources/registry/blob.ts';
import { parseChallenges } from '../../src/layers/sources/registry/challenge.ts';
import { RegistryClient } from '../../src/layers/sources/registry/client.ts';
import { Connections } from '../../src/layers/sources/registry/connections.ts';
import { parseReference, referenceName, registryReference } from '../../src/layers/sources/registry/reference.ts';
import { RETRY, retryAfter } from '../../src/layers/sources/registry/retry.ts';
import type { Digest } from '../../src/report/finding.ts';
import { OciFiles, sha256, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import { type Handler, registryOf, serveForTest } from '../support/registry.ts';

const policy = { ...RETRY, attempts: 4, firstDelay: 1, longestDelay: 2000, stall: 10_000 };

async function failure(run: () => Promise<unknown>): Promise<DlintError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof DlintError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

afterEach(() => vi.unstubAllEnvs());

const hash = 'a'.repeat(64);

describe('references', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['acme/app:1.2', 'docker.io/acme/app:1.2'],
    ['docker.io/alpine', 'docker.io/library/alpine:latest'],
    ['index.docker.io/a/b:c', 'docker.io/a/b:c'],
    ['ghcr.io/a/b/c__d:V1.2-x', 'ghcr.io/a/b/c__d:V1.2-x'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app:1', 'localhost:5000/app:1'],
    ['127.0.0.1:5000/app', '127.0.0.1:5000/app:latest'],
    ['[::1]:5000/app', '[::1]:5000/app:latest'],
    [`app@sha256:${hash}`, `docker.io/library/app@sha256:${hash}`],
    [`r.example/app:1@sha256:${hash}`, `r.example/app:1@sha256:${hash}`],
  ])('%s', (text, name) => {
    const parsed = parseReference(text);
    expect(parsed && referenceName(parsed)).toBe(name);
  });

  it.each([
    '',
    ':1',
    'a:',
    'App',
    'a//b',
    'r.example/',
    'a@sha256:12',
    'a@b@c',
    'a b',
    'r.example/-a',
    `a:${'x'.repeat(129)}`,
    'r.example:x/a',
    'r.example/a..b',
  ])('are not: %s', (text) => expect(parseReference(text)).toBeUndefined());

  it('are told from paths', () => {
    for (const path of [
      '-',
      './a',
      '../a',
      '/a',
      '~/a',
      'a.tar',
      'dir/a.tar.gz',
      'a.TGZ',
      'a/',
      'a\\b',
      'src',
      'package.json',
      'README.md',
    ]) {
      expect(registryReference(path)).toBeUndefined();
    }
    expect(registryReference('docker://src')).toMatchObject({ repository: 'library/src' });
    expect(registryReference('no-such-thing')).toMatchObject({ registry: 'docker.io' });
    expect(() => registryReference('docker://./a.tar')).toThrow('no reference to an image');
  });
});

describe('challenges', () => {
  it('are parsed with commas in quotes, and several of them', () => {
    const header =
      'Negotiate abc==, Bearer realm="https://a/t",service="a, \\"b\\"" , scope="repository:x:pull,push", basic realm=x';
    expect(parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])).toEqual([
      ['negotiate', { abc: '=' }],
      ['bearer', { realm: 'https://a/t', service: 'a, "b"', scope: 'repository:x:pull,push' }],
      ['basic', { realm: 'x' }],
    ]);
    expect(parseChallenges('realm="')).toEqual([{ scheme: 'realm', parameters: new Map() }]);
  });

  it('and waits', () => {
    expect(retryAfter('7', 0)).toBe(7000);
    expect(retryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 1000)).toBe(59_000);
    expect([retryAfter(null, 0), retryAfter('soon', 0)]).toEqual([undefined, undefined]);
  });
});

describe('addresses that a server names', () => {
  const follow = (from: string, to: string) => () => followAddress(new URL(from), to, 'redirect').href;
  it.each([
    ['https://r.example/v2/', 'https://cdn.example/x?sig=1'],
    ['http://127.0.0.1:1/v2/', 'http://localhost:2/x'],
    ['http://r.example/v2/', 'http://s.example/x'],
  ])('are followed: %s to %s', (from, to) => expect(follow(from, to)()).toBe(to));
  it.each([
    ['https://r.example/', 'http://r.example/x', 'without TLS'],
    ['https://r.example/', 'https://127.0.0.1/x', 'this machine'],
    ['http://r.example/', 'http://localhost:1/x', 'this machine'],
    ['http://127.0.0.1/', 'http://r.example/x', 'without TLS'],
    ['https://r.example/', 'https://u:p@r.example/', 'a name or a password'],
    ['https://r.example/', 'file:///etc/passwd', 'it is file:'],
    ['https://r.example/', 'https://', 'no address'],
  ])('are refused: %s to %s', (from, to, why) => expect(follow(from, to)).toThrow(why));
});

/** The blob of `bytes` at a server that answers as told. */
async function blobAt(handler: Handler, bytes: Buffer, stall = policy.stall) {
  const host = await serveForTest(handler);
  const client = new RegistryClient(new URL(`http://${host}`), 'app', { policy: { ...policy, stall }, env: {} });
  const digest: Digest = `sha256:${sha256(bytes)}`;
  const read = async (length = bytes.length, signal?: AbortSignal): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of blobChunks(client, { digest, length }, { where: 'blob', signal })) parts.push(part);
    return Buffer.concat(parts);
  };
  return { read, host, client, at: { url: client.url(`blobs/${digest}`).href, digest, length: bytes.length } };
}

const startOf = (request: IncomingMessage): number => Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);

describe('blobs', () => {
  const bytes = randomBytes(3_000_000);
  const rest = (from: number) => ({ 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });

  it('that break are taken up where they broke', async () => {
    const starts: number[] = [];
    const { read } = await blobAt((request, response) => {
      const from = startOf(request);
      starts.push(from);
      response.writeHead(from > 0 ? 206 : 200, from > 0 ? rest(from) : {});
      response.write(bytes.subarray(from, from + 700_000), () => {
        if (from + 700_000 >= bytes.length) response.end();
        else response.destroy();
      });
    }, bytes);
    expect((await read()).equals(bytes)).toBe(true);
    expect(starts[0]).toBe(0);
    expect(starts.length).toBeGreaterThan(3);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('are read from the start by servers without ranges', async () => {
    let requests = 0;
    const { read } = await blobAt((_, response) => {
      response.writeHead(200);
      if (++requests > 1) response.end(bytes);
      else response.write(bytes.subarray(0, 1_000_000), () => response.destroy());
    }, bytes);
    expect((await read()).equals(bytes)).toBe(true);
    expect(requests).toBe(2);
  });

  it('are given up when nothing comes any more, and when it stalls', async () => {
    let requests = 0;
    const { read } = await blobAt(
      (_, response) =>
        void response.writeHead(++requests > 0 ? 200 : 500).write(bytes.subarray(0, 10), () => response.destroy()),
      bytes,
    );
    expect((await failure(read)).code).toBe('E_REGISTRY');
    expect(requests).toBe(4);
    const slow = await blobAt((_, response) => void response.writeHead(200).write('x'), bytes, 200);
    expect((await failure(slow.read)).message).toMatch(/does not answer in time/);
  });

  it('of other bytes are refused: wrong, too many, another part', async () => {
    const wrong = Buffer.from(bytes);
    wrong[5] = (wrong[5] as number) ^ 1;
    const other = await blobAt((_, response) => void response.end(wrong), bytes);
    expect(await failure(other.read)).toMatchObject({
      code: 'E_DIGEST',
      message: expect.stringContaining(sha256(wrong)),
    });
    const more = await blobAt((_, response) => void response.end(Buffer.concat([bytes, bytes])), bytes);
    expect(await failure(more.read)).toMatchObject({
      code: 'E_DIGEST',
      message: expect.stringContaining('more than the'),
    });
    const part = await blobAt((request, response) => {
      if (startOf(request) > 0) response.writeHead(206, rest(7)).end(bytes);
      else response.writeHead(200).write(bytes.subarray(0, 1_000_000), () => response.destroy());
    }, bytes);
    expect((await failure(part.read)).message).toMatch(/another part/);
  });

  it('are not longer waited for than the server may ask', async () => {
    let requests = 0;
    const { read } = await blobAt(
      (_, response) => void response.writeHead(++requests > 0 ? 429 : 500, { 'retry-after': '3600' }).end(),
      bytes,
    );
    expect(await failure(read)).toMatchObject({ code: 'E_REGISTRY', hint: expect.stringContaining('3600 seconds') });
    expect(requests).toBe(1);
  });

  it('end with the signal', async () => {
    const { read } = await blobAt((_, response) => void response.writeHead(200).write(bytes.subarray(0, 5000)), bytes);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(read(bytes.length, controller.signal)).rejects.toThrow('enough');
  });

  it('are told wrong by their digest, not by what their bytes do to the reader', async () => {
    const layer = await tarOf(['a', 'b']);
    const oci = new OciFiles();
    const manifest = oci.top([oci.manifest([layer])]);
    const name = [...manifest.files.keys()].find((key) => manifest.files.get(key)?.[0] === 0x1f) as string;
    const blob = manifest.files.get(name) as Buffer;
    const broken = Buffer.from(blob);
    broken[20] = (broken[20] as number) ^ 0xff;
    const { at } = await blobAt((_, response) => void response.end(broken), blob);
    const connections = new Connections({ policy, env: {} });
    expect((await failure(() => scanLayer(at, [], { connections }))).code).toBe('E_DIGEST');
    const whole = await blobAt((_, response) => void response.end(blob), blob);
    const record = await scanLayer(whole.at, [], { connections });
    expect([record.digest, record.diffId]).toEqual([`sha256:${sha256(blob)}`, `sha256:${sha256(layer)}`]);
    expect(Buffer.concat(await readBodies(whole.at, [record.entries.at(1)], { connections })).toString()).toBe('b\n');
    expect((await failure(() => readBodies(at, [record.entries.at(1)], { connections }))).code).toBe('E_DIGEST');
  });
});

describe('redirects', () => {
  it('carry no credentials away, not even back', async () => {
    const bytes = Buffer.from('blob');
    const seen: [string, string | undefined, string | undefined][] = [];
    let home = '';
    const store = await serveForTest((request, response) => {
      seen.push(['store', request.headers.authorization, request.headers.range]);
      response.writeHead(307, { location: `http://${home}/back` }).end();
    });
    const { read, host } = await blobAt((request, response) => {
      seen.push([request.url === '/back' ? 'back' : 'home', request.headers.authorization, request.headers.range]);
      if (request.url === '/back') response.end(bytes);
      else if (request.headers.authorization) response.writeHead(307, { location: `http://${store}/x?sig=1` }).end();
      else if (request.url?.startsWith('/token')) response.end('{"token":"t0ken"}');
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${home}/token"` }).end();
    }, bytes);
    home = host;
    expect((await read()).toString()).toBe('blob');
    expect(seen.map(([where, authorization]) => [where, authorization])).toEqual([
      ['home', undefined],
      ['home', undefined],
      ['home', 'Bearer t0ken'],
      ['store', undefined],
      ['back', undefined],
    ]);
  });

  it('end', async () => {
    const { read } = await blobAt(
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      Buffer.from('x'),
    );
    expect((await failure(read)).message).toMatch(/more than 6 redirects/);
  });
});

describe('tokens', () => {
  it('are renewed when they end, and never shown', async () => {
    const bytes = Buffer.from('blob');
    let tokens = 0;
    let home = '';
    const { client, host } = await blobAt((request, response) => {
      if (request.url?.startsWith('/token')) response.end(`{"access_token":"secret-${++tokens}"}`);
      else if (request.headers.authorization === 'Bearer secret-2') response.end(bytes);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${home}/token"` }).end();
    }, bytes);
    home = host;
    const refused = await failure(() => client.get('blobs/x'));
    expect(refused.message).not.toContain('secret');
    expect((await (await client.get('blobs/x')).bytes(100)).toString()).toBe('blob');
    expect(tokens).toBe(2);
  });

  it.each([
    ['{"token":"a\\nb"}', 'is none'],
    ['{"token":"s3cret" oops', 'gives no token'],
    ['[]', 'gives no token'],
  ])('of an odd kind are refused: %s', async (body, message) => {
    let home = '';
    const { client, host } = await blobAt((request, response) => {
      if (request.url?.startsWith('/token')) response.end(body);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${home}/token"` }).end();
    }, Buffer.from('x'));
    home = host;
    const error = await failure(() => client.get('blobs/x'));
    expect(error.message).toContain(message);
    expect(String(error.cause ?? '') + error.message).not.toContain('s3cret');
  });

  it('are not asked for at a realm that is not safe', async () => {
    const { client } = await blobAt(
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://r.example/t"' }).end(),
      Buffer.from('x'),
    );
    expect((await failure(() => client.get('blobs/x'))).message).toMatch(/token realm .* is refused/);
  });
});

describe('images', () => {
  async function imageAt(meddle: (handler: Handler) => Handler): Promise<string> {
    vi.stubEnv('DOCKER_CONFIG', temporaryFolder());
    const oci = new OciFiles();
    oci.top([oci.manifest([await tarOf(['etc/a']), await tarOf(['etc/b']), await tarOf(['etc/c'])])]);
    return `${await serveForTest(meddle(registryOf(oci)))}/app:1`;
  }
  const manifestOf = (body: string | Buffer, type: string) => (): Handler => (_, response) =>
    void response.writeHead(200, { 'content-type': type }).end(body);

  it('are opened, their layers read at the same time', async () => {
    let open = 0;
    let most = 0;
    const image = await openImage(
      await imageAt((handler) => async (request, response) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 50));
        open--;
        await handler(request, response);
      }),
    );
    const progress: number[] = [];
    const records = await scanLayers(image, [], {
      onProgress: ({ done, total }) => progress.push(done / (total ?? 0)),
    });
    expect(records.map(({ entries }) => entries.path(0))).toEqual(['etc/a', 'etc/b', 'etc/c']);
    expect(most).toBe(3);
    expect(progress.at(-1)).toBe(1);
  });

  it.each([
    ['<html>', 'text/html', 'E_REGISTRY', /answers with text\/html/],
    [
      '{"schemaVersion":1,"fsLayers":[]}',
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      'E_UNSUPPORTED',
      /schema 1/,
    ],
    ['{"schemaVersion":1,"fsLayers":[]}', 'application/json', 'E_UNSUPPORTED', /schema 1/],
    ['{"config":{},"manifests":[]}', 'application/vnd.oci.image.manifest.v1+json', 'E_CORRUPT', /or both/],
    ['{"manifests":[]}', 'application/vnd.oci.image.manifest.v1+json', 'E_CORRUPT', /neither/],
    ['{"manifests":[]}', 'application/vnd.oci.image.index.v1+json', 'E_CORRUPT', /names no image/],
    ['{"config":', 'application/vnd.oci.image.manifest.v1+json', 'E_CORRUPT', /no valid JSON/],
    [
      '{"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"}}',
      'application/vnd.oci.image.manifest.v1+json',
      'E_NOT_AN_IMAGE',
      /helm/,
    ],
    [
      '{"config":{"size":-1}}',
      'application/vnd.oci.image.manifest.v1+json',
      'E_CORRUPT',
      /digest and size of the config/,
    ],
    [Buffer.alloc(LIMITS.jsonBytes + 1, ' '), 'application/json', 'E_LIMIT', /more than/],
  ])('are refused: %#', async (body, type, code, message) => {
    const error = await failure(async () => openImage(await imageAt(manifestOf(body, type))));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('of another digest than was asked for are refused', async () => {
    const name = (await imageAt((handler) => handler)).replace(/:1$/, `@sha256:${hash}`);
    expect(await failure(() => openImage(name))).toMatchObject({ code: 'E_REGISTRY' });
    const liar = (await imageAt(manifestOf('{"config":{}}', 'application/json'))).replace(/:1$/, `@sha256:${hash}`);
    expect(await failure(() => openImage(liar))).toMatchObject({ code: 'E_DIGEST' });
  });

  it('that are missing come with tags like theirs', async () => {
    const name = await imageAt((handler) => handler);
    const error = await failure(() => openImage(name.replace(/:1$/, ':1.3')));
    expect(error).toMatchObject({ code: 'E_REGISTRY', hint: 'tags there: 1.2, 1' });
  });

  it('are files when there is one of that name', async () => {
    const file = temporaryFile(await tarOf(['etc/a', 'usr/b']), 'app');
    expect((await openImage(file)).format).toBe('rootfs');
  });

  it('of hosts that do not speak are told why', async () => {
    const server = await serveForTest(() => undefined);
    const closed = server.replace(/\d+$/, (port) => String(Number(port) === 65535 ? 65534 : Number(port) + 1));
    const error = await failure(() => openImage(`docker://${closed}/app:1`));
    expect(error).toMatchObject({ code: 'E_REGISTRY', where: expect.stringContaining(closed) });
    expect(error.message).toMatch(/takes no connection|broke/);
  });
});
