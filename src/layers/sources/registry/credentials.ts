import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Fields, fields, text } from '../json.ts';
import { askHelper } from './credential-helper.ts';
import { HUB_HOSTS } from './reference.ts';

/** What a registry is told to let us in. Never part of an error or a message. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly username: string; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string };

export interface FoundCredentials {
  readonly credentials: Credentials | undefined;
  /** The file they are from, or that named who has them. */
  readonly from: string | undefined;
  /** Why some file or helper could not be asked: told when the registry lets nobody in without. */
  readonly problems: readonly string[];
}

export interface CredentialOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

const LARGEST_FILE = 1024 * 1024;

/**
 * The credentials for a repository, from the files of docker (config.json) and of podman and skopeo
 * (containers-auth.json(5)), in the order `$DOCKER_CONFIG`, `$REGISTRY_AUTH_FILE`, `$XDG_RUNTIME_DIR`. In each one
 * `credHelpers` go before `credsStore`, and that before `auths`.
 */
export async function findCredentials(
  host: string,
  repository: string,
  options: CredentialOptions,
): Promise<FoundCredentials> {
  const names = [...(HUB_HOSTS.includes(host) ? HUB_HOSTS : [host])];
  const problems: string[] = [];
  for (const file of credentialFiles(options.env)) {
    const config = readConfig(file, problems);
    if (!config) continue;
    const credentials = await lookUp(config, names, repository, { ...options, file, problems });
    if (credentials) return { credentials, from: file, problems };
  }
  return { credentials: undefined, from: undefined, problems };
}

function credentialFiles(env: NodeJS.ProcessEnv): string[] {
  const docker = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json');
  const runtime = env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json')] : [];
  return [docker, ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []), ...runtime];
}

/** Its text never shows in a problem: it may be a password. */
function readConfig(file: string, problems: string[]): Fields | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isFile()) problems.push(`${file} is no file`);
    else if (found.size > LARGEST_FILE) problems.push(`${file} is too large`);
    else return fields(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(`${file} ${code === undefined ? 'is no valid JSON' : `cannot be read (${code})`}`);
  }
  return undefined;
}

interface LookUp extends CredentialOptions {
  readonly file: string;
  readonly problems: string[];
}

async function lookUp(
  config: Fields,
  names: readonly string[],
  repository: string,
  { file, problems, ...options }: LookUp,
): Promise<Credentials | undefined> {
  const paths = names.flatMap((name) => scopes(name, repository));
  const helpers = byName(config.get('credhelpers'));
  const auths = byName(config.get('auths'));
  const helper = firstOf(paths, helpers);
  const store = config.get('credsstore');
  for (const [program, server] of [
    [helper?.value, helper?.key ?? ''],
    [store, firstOf(paths, auths)?.key ?? serverName(names)],
  ] as const) {
    if (typeof program !== 'string' || program === '') continue;
    const { credentials, problem } = await askHelper(program, server, options);
    if (credentials) return credentials;
    if (problem) problems.push(`${problem}, which ${file} names`);
  }
  return decodeAuth(fields(firstOf(paths, auths)?.value), file, problems);
}

/** Docker's helpers know its hub under the address of its first registry. */
function serverName(names: readonly string[]): string {
  return names.length > 1 ? 'https://index.docker.io/v1/' : (names[0] as string);
}

/** `host/a/b`, `host/a`, `host`: podman's files may be as narrow as a repository. */
function scopes(host: string, repository: string): string[] {
  const parts = repository.split('/');
  return parts.map((_, i) => [host, ...parts.slice(0, parts.length - i)].join('/')).concat(host);
}

/** An object's items under their keys as host or host and path; docker writes some keys as addresses. */
function byName(value: unknown): ReadonlyMap<string, { key: string; value: unknown }> {
  const items = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return new Map(
    items.map(([key, item]) => {
      const address = /^https?:\/\/([^/]+)/.exec(key)?.[1];
      return [address ?? key.replace(/\/+$/, ''), { key, value: item as unknown }];
    }),
  );
}

function firstOf<T>(names: readonly string[], items: ReadonlyMap<string, T>): T | undefined {
  const found = names.find((name) => items.has(name));
  return found === undefined ? undefined : items.get(found);
}

function decodeAuth(auth: Fields, file: string, problems: string[]): Credentials | undefined {
  const decoded = Buffer.from(text(auth.get('auth')) ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const username = colon < 0 ? (text(auth.get('username')) ?? '') : decoded.slice(0, colon);
  const password = colon < 0 ? text(auth.get('password')) : decoded.slice(colon + 1).replace(/\0+$/, '');
  const identity = text(auth.get('identitytoken'));
  const bearer = text(auth.get('registrytoken'));
  if (bearer) return { kind: 'bearer', token: bearer };
  if (identity) return { kind: 'identity', username, token: identity };
  if (username && password !== undefined) return { kind: 'password', username, password };
  if (decoded !== '') problems.push(`an entry of ${file} cannot be read`);
  return undefined;
}
