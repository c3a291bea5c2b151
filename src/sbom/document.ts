import { createHash } from 'node:crypto';
import type { Image } from '../layers/image.ts';
import { tryPurl } from './purl.ts';
import type { Sbom, SbomPackage } from './sbom.ts';

/** What a document says about itself. */
export interface DocumentOptions {
  /** Version of dlint. */
  readonly toolVersion: string;
  /** Seconds since the epoch (reproducible-builds.org, SOURCE_DATE_EPOCH); default: when the image was made. */
  readonly sourceDateEpoch?: number;
}

/** RFC 3339 in whole seconds, UTC; the epoch when the image does not say when it was made. */
export function documentTime({ created }: Image, { sourceDateEpoch }: DocumentOptions): string {
  const stated = sourceDateEpoch === undefined ? Date.parse(created ?? '') : sourceDateEpoch * 1000;
  const date = new Date(Number.isFinite(stated) ? stated : 0);
  const valid = date.getTime() >= 0 && date.getUTCFullYear() <= 9999 ? date : new Date(0);
  return `${valid.toISOString().slice(0, 19)}Z`;
}

/** An UUID of version 5 (RFC 9562) that is the same for the same image, tool and time. */
export function documentId({ image }: Sbom, options: DocumentOptions, format: string): string {
  const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'); // RFC 9562 §6.6, URL
  const name = [
    'dlint',
    options.toolVersion,
    format,
    image.imageId ?? image.reference,
    documentTime(image, options),
  ].join('\n');
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The image as the root of a document. */
export interface Root {
  /** Repository without tag: `ghcr.io/acme/app`. */
  readonly name: string;
  /** The tag, else the digest it is known by. */
  readonly version: string;
  /** `pkg:oci/…`, when a manifest digest is known. */
  readonly purl?: string;
}

/** Of a root filesystem without configuration nothing is known but its bytes. */
const UNKNOWN_VERSION = 'unknown';

export function rootOf(image: Image): Root {
  const { repository, tag } = splitReference(image.tags[0] ?? fileName(image.reference));
  const version = tag ?? image.manifestDigest ?? image.imageId ?? UNKNOWN_VERSION;
  const purl = image.manifestDigest ? ociPurl(image, repository, tag) : undefined;
  return { name: repository, version, ...(purl ? { purl } : {}) };
}

/** purl-spec, type oci: the name is the last part of the repository, which goes into `repository_url` whole. */
function ociPurl(image: Image, repository: string, tag: string | undefined): string | undefined {
  return tryPurl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1),
    version: image.manifestDigest,
    qualifiers: {
      arch: image.platform?.architecture,
      repository_url: repository.includes('/') ? repository : undefined,
      tag,
    },
  });
}

function splitReference(reference: string): { repository: string; tag?: string } {
  const [name = ''] = reference.split('@', 1);
  const match = /^(.*[^/]):([\w][\w.-]{0,127})$/.exec(name);
  return match?.[1] && match[2] ? { repository: match[1], tag: match[2] } : { repository: name || 'image' };
}

function fileName(reference: string): string {
  const name =
    reference
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .pop() ?? '';
  return name.replace(/\.(tar|tgz|oci)(\.\w+)?$/, '') || 'image';
}

/**
 * The packages that nothing else in the image needs or contains, so that everything can be reached from the root; of a
 * group that only needs itself, the first.
 */
export function topLevel(packages: readonly SbomPackage[]): string[] {
  const targets = edgesOf(packages);
  const needed = new Set([...targets.values()].flat());
  const reached = new Set<string>();
  const tops: string[] = [];
  const visit = (start: string) => {
    const queue = [start];
    reached.add(start);
    for (let at = 0; at < queue.length; at++) {
      for (const next of targets.get(queue[at] as string) ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        queue.push(next);
      }
    }
  };
  for (const known of [(purl: string) => !needed.has(purl), (purl: string) => !reached.has(purl)]) {
    for (const { purl } of packages) {
      if (!known(purl)) continue;
      tops.push(purl);
      visit(purl);
    }
  }
  return tops;
}

/** What a package depends on, and what it is the owner of. */
export function edgesOf(packages: readonly SbomPackage[]): Map<string, string[]> {
  const edges = new Map(packages.map(({ purl, dependsOn }) => [purl, [...dependsOn]]));
  for (const { purl, ownedBy } of packages) if (ownedBy) edges.get(ownedBy)?.push(purl);
  return edges;
}

/** The largest JSON pieces go out one at a time: `{`, members, each item of a list on a line of its own, `}`. */
export function* jsonDocument(members: Iterable<readonly [string, unknown | Iterable<unknown>]>): Iterable<string> {
  let before = '{\n';
  for (const [key, value] of members) {
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ',\n';
    if (Array.isArray(value) || !isIterable(value)) yield JSON.stringify(value);
    else yield* jsonList(value);
  }
  yield '\n}\n';
}

function* jsonList(items: Iterable<unknown>): Iterable<string> {
  let before = '[\n    ';
  let count = 0;
  for (const item of items) {
    yield `${before}${JSON.stringify(item)}`;
    before = ',\n    ';
    count++;
  }
  yield count === 0 ? '[]' : '\n  ]';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
