import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { OciFiles } from './images.ts';

const run = promisify(execFile);

/** Whether the programs are there. With `CI` set they must be: then tests run, and fail. */
export function hasPrograms(...programs: readonly string[]): boolean {
  if (process.env.CI) return true;
  return programs.every((program) => {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

export interface Server {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  stop(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** An HTTP server on a free port of this machine; the caller stops it. */
async function serve(handler: Handler): Promise<Server> {
  const server = http.createServer((request, response) => {
    Promise.resolve(handler(request, response)).catch((error: unknown) => response.destroy(error as Error));
  });
  // What speaks TLS is no request: the socket is closed.
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As `serve`, until the test ends. */
export async function serveForTest(handler: Handler): Promise<string> {
  const { host, stop } = await serve(handler);
  onTestFinished(stop);
  return host;
}

const TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/**
 * The distribution API over the files of an OCI layout, for the repository `app`: the first manifest of its index is
 * `app:1`. Ranges are served.
 */
export function registryOf({ files }: OciFiles): Handler {
  return (request, response) => {
    const path = request.url ?? '';
    const blob = (digest: string) => files.get(`blobs/${digest.replace(':', '/')}`);
    if (path.startsWith('/v2/app/tags/list')) {
      response.setHeader('content-type', 'application/json').end('{"tags":["1","1.2"]}');
      return;
    }
    const [, kind, target = ''] = /^\/v2\/app\/(manifests|blobs)\/(.+)$/.exec(path) ?? [];
    const top = JSON.parse(String(files.get('index.json'))) as { manifests: { digest: string }[] };
    const body = blob(kind === 'manifests' && target === '1' ? (top.manifests[0]?.digest as string) : target);
    if (body === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      return;
    }
    if (kind === 'manifests') {
      const isIndex = String(body).includes('"manifests"');
      response.writeHead(200, { 'content-type': TYPES[isIndex ? 0 : 1] }).end(body);
      return;
    }
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const bytes = Buffer.from(body);
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start > 0 ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length - start,
      ...(start > 0 && range),
    });
    response.end(bytes.subarray(start));
  };
}

/** A proxy before `host`. `meddle` may answer by itself and return true, or change what passes. */
export function proxyTo(
  host: string,
  meddle: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => boolean | ((chunk: Buffer, at: number) => Buffer | null),
): Handler {
  return async (request, response) => {
    const change = meddle(request, response);
    if (change === true) return;
    await new Promise<void>((resolve, reject) => {
      const headers = { ...request.headers, host: request.headers.host };
      const [hostname, port] = host.split(':');
      const upstream = http.request(
        { hostname, port, path: request.url, method: request.method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          let at = 0;
          answer.on('data', (chunk: Buffer) => {
            const passed = typeof change === 'function' ? change(chunk, at) : chunk;
            at += chunk.length;
            if (passed === null) response.destroy();
            else if (!response.destroyed) response.write(passed);
          });
          answer.on('end', () => resolve(void response.end()));
          answer.on('error', reject);
        },
      );
      upstream.on('error', reject);
      response.on('close', () => resolve(void upstream.destroy()));
      request.pipe(upstream);
    });
  };
}

export const USER = { name: 'alice', password: 'open sesame' };
/** `htpasswd -nbB alice 'open sesame'` */
const HTPASSWD = 'alice:$2y$05$PYVhUiFkmmTwpCFVfe7gVuwUMH0.wkhcRGt/ta8fHv9KYgoExrgNm';

export interface RealRegistry extends Server {
  /** Has skopeo push; `source` as skopeo names it. */
  push(source: string, name: string, ...flags: readonly string[]): Promise<void>;
}

/** Debian's docker-registry on a free port. It ends with `stop`, and when this process ends. */
export async function startRegistry(
  auth: 'none' | 'htpasswd' | { readonly token: TokenServer },
): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'dlint-test-registry-'));
  const free = await serve(() => undefined);
  await free.stop();
  const { host } = free;
  writeFileSync(join(folder, 'htpasswd'), `${HTPASSWD}\n`);
  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'store') } },
    http: { addr: host },
    ...(auth === 'htpasswd' && { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } }),
    ...(typeof auth === 'object' && {
      auth: {
        token: {
          realm: `http://${auth.token.host}/token`,
          service: 'test registry',
          issuer: 'dlint test',
          rootcertbundle: auth.token.certificate,
        },
      },
    }),
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  // The pipe to its standard input closes when this process ends, however it does.
  const script = `docker-registry serve '${folder}/config.yml' & pid=$!; cat > '${folder}/in'; kill $pid; wait`;
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  await untilAnswering(host, () => complaint);
  return {
    host,
    push: async (source, name, ...flags) => {
      const creds = auth === 'none' ? [] : ['--dest-creds', `${USER.name}:${USER.password}`];
      const where = ['--dest-tls-verify=false', ...creds, source, `docker://${host}/${name}`];
      // Not the synchronous way: the token server that skopeo asks is in this process.
      await run('skopeo', ['--insecure-policy', 'copy', '-q', ...flags, ...where], { timeout: 20_000 });
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(host: string, complaint: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      await (await fetch(`http://${host}/v2/`)).arrayBuffer();
      return;
    } catch {
      await setTimeout(50);
    }
  }
  throw new Error(`docker-registry does not start (apt-get install docker-registry): ${complaint()}`);
}

export interface TokenServer extends Server {
  readonly certificate: string;
  /** Requests of tokens: `GET` or `POST` and by whom. */
  readonly asked: string[];
  readonly identityToken: string;
}

/** Gives tokens that docker-registry takes (distribution, "Token Authentication Implementation") to alice, and to whoever has the identity token. */
export async function startTokenServer(): Promise<TokenServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dlint-test-token-'));
  mkdirSync(folder, { recursive: true });
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=dlint test'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const x5c = readFileSync(certificate, 'utf8').replace(/-----[^-]+-----|\s/g, '');
  const privateKey = createPrivateKey(readFileSync(key));
  const asked: string[] = [];
  const identityToken = `identity-${createHash('sha256').update(x5c).digest('hex').slice(0, 12)}`;
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issue = (scope: string): string => {
    const [type, name, actions = ''] = scope.split(':');
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      ...{ iss: 'dlint test', sub: USER.name, aud: 'test registry', jti: randomUUID() },
      ...{ iat: now, nbf: now - 10, exp: now + 60 },
      access: type ? [{ type, name, actions: actions.split(',') }] : [],
    };
    const text = `${encode({ typ: 'JWT', alg: 'RS256', x5c: [x5c] })}.${encode(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  const basic = `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}`;
  const server = await serve(async (incoming, response) => {
    const url = new URL(incoming.url ?? '', 'http://x');
    let form = '';
    for await (const chunk of incoming) form += String(chunk);
    const posted = new URLSearchParams(form);
    asked.push(
      `${incoming.method} ${incoming.headers.authorization ? 'basic' : (posted.get('grant_type') ?? 'anonymous')}`,
    );
    const isKnown = incoming.headers.authorization === basic || posted.get('refresh_token') === identityToken;
    if (!isKnown) {
      response.writeHead(401).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
      return;
    }
    const token = issue(posted.get('scope') ?? url.searchParams.get('scope') ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(incoming.method === 'POST' ? { access_token: token } : { token, expires_in: 60 }));
  });
  return {
    ...server,
    certificate,
    asked,
    identityToken,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
