import { lstatSync } from 'node:fs';
import { DlintError } from '../../../errors.ts';
import type { Digest } from '../../../report/finding.ts';
import { digest as decodeDigest } from '../json.ts';

/** The name of an image in a registry, with Docker's short forms written out. */
export interface RegistryReference {
  /** Host and port as people name it: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  readonly repository: string;
  /** `latest` where neither tag nor digest was given. */
  readonly tag?: string;
  /** Beats the tag. */
  readonly digest?: Digest;
}

// The grammar of distribution/reference, "reference.go".
const HOST = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|__?|-+|\/)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const LONGEST_NAME = 255;
const SCHEME = 'docker://';
/** How names of files end in which images are kept. */
export const ARCHIVE_SUFFIX = /\.(?:tar|tgz|txz|tzst|tbz2?|gz|zst|xz|bz2|oci|json)$/i;

/**
 * The registry image that a reference means, or undefined when it means a path: what exists on disk wins; `docker://`
 * forces a registry; what is spelled like a path is one, also when it does not exist.
 * Throws `E_USAGE` for `docker://` before what is no reference.
 */
export function registryReference(reference: string): RegistryReference | undefined {
  if (reference.startsWith(SCHEME)) {
    const parsed = parseReference(reference.slice(SCHEME.length));
    if (parsed) return parsed;
    throw new DlintError('E_USAGE', 'this is no reference to an image', {
      where: reference,
      hint: 'docker://HOST[:PORT]/NAME[:TAG][@sha256:…], e.g. docker://ghcr.io/acme/app:1.2',
    });
  }
  return isPath(reference) ? undefined : parseReference(reference);
}

/** Whether it can be no name in a registry, or would be a strange one. */
export function isSpelledLikePath(reference: string): boolean {
  return reference === '-' || /^[./~\\]|[\\]|\/$/.test(reference) || ARCHIVE_SUFFIX.test(reference);
}

function isPath(reference: string): boolean {
  if (isSpelledLikePath(reference)) return true;
  try {
    return lstatSync(reference, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** `[host[:port]/]name[:tag][@digest]`; undefined when it is none. */
export function parseReference(text: string): RegistryReference | undefined {
  const [named = '', stated, ...rest] = text.split('@');
  const digest = decodeDigest(stated);
  if (rest.length > 0 || (stated !== undefined && digest === undefined)) return undefined;
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const { registry, repository } = splitHost(colon < 0 ? named : named.slice(0, colon));
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (!HOST.test(registry) || !REPOSITORY.test(repository) || repository.length > LONGEST_NAME) return undefined;
  return {
    registry,
    repository,
    ...(tag !== undefined ? { tag } : !digest && { tag: 'latest' }),
    ...(digest && { digest }),
  };
}

function splitHost(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = first !== '' && (/[.:]|^\[/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = isHost ? first : HUB;
  const rest = isHost ? name.slice(slash + 1) : name;
  if (!HUB_HOSTS.includes(registry)) return { registry, repository: rest };
  return { registry: HUB, repository: rest.includes('/') ? rest : `library/${rest}` };
}

const HUB = 'docker.io';
const HUB_API = 'registry-1.docker.io';
/** Names under which Docker Hub goes, also in files of credentials. */
export const HUB_HOSTS: readonly string[] = [HUB, 'index.docker.io', HUB_API];

/** Where the registry's interface is found: Docker Hub has it elsewhere. */
export function apiHost(registry: string): string {
  return registry === HUB ? HUB_API : registry;
}

export function referenceName({ registry, repository, tag, digest }: RegistryReference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
