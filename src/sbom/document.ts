import { createHash } from 'node:crypto';
import type { Image } from '../layers/image.ts';
import type { Party } from './package.ts';
import { tryPurl } from './purl.ts';
import type { Directory, Sbom, SbomPackage, Subject } from './sbom.ts';

/** What a document says about itself. */
export interface DocumentOptions {
  /** Version of dlint. */
  readonly toolVersion: string;
  /** Seconds since the epoch (reproducible-builds.org, SOURCE_DATE_EPOCH); default: when the image was made. */
  readonly sourceDateEpoch?: number;
  /** Who makes the SBOM; default: the authors that the image's label names, else its vendor. */
  readonly authors?: readonly Party[];
  /** Who ships the image; default: the vendor that its label names. */
  readonly supplier?: Party;
  /** The run of a workflow that the document is made in, for formats that name it. */
  readonly workflow?: {
    readonly sha?: string;
    readonly ref?: string;
    readonly run?: string;
    readonly correlator?: string;
  };
}

const MAX_NAME = 1000;

/** Who made the SBOM, as far as that is said. */
export function authorsOf({ labels }: Root, { authors }: DocumentOptions): readonly Party[] {
  if (authors) return authors;
  const named = labels['org.opencontainers.image.authors'] ?? labels['org.opencontainers.image.vendor'];
  return named?.trim() ? [{ name: named.slice(0, MAX_NAME) }] : [];
}

/** Who ships what the SBOM is of, as far as that is said. */
export function supplierOfDocument({ labels }: Root, { supplier }: DocumentOptions): Party | undefined {
  if (supplier) return supplier;
  const vendor = labels['org.opencontainers.image.vendor'];
  return vendor?.trim() ? { name: vendor.slice(0, MAX_NAME) } : undefined;
}

/** RFC 3339 in whole seconds, UTC; the epoch when nothing says when the subject was made. */
export function documentTime(subject: Subject, { sourceDateEpoch }: DocumentOptions): string {
  const created = subject.kind === 'image' ? subject.image.created : null;
  const stated = sourceDateEpoch === undefined ? Date.parse(created ?? '') : sourceDateEpoch * 1000;
  const date = new Date(Number.isFinite(stated) ? stated : 0);
  const valid = date.getTime() >= 0 && date.getUTCFullYear() <= 9999 ? date : new Date(0);
  return `${valid.toISOString().slice(0, 19)}Z`;
}

/** An UUID of version 5 (RFC 9562) that is the same for the same image or files, tool and time. */
export function documentId({ subject }: Sbom, options: DocumentOptions, format: string): string {
  const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'); // RFC 9562 §6.6, URL
  const name = [
    'dlint',
    options.toolVersion,
    format,
    subject.kind === 'image' ? (subject.image.imageId ?? subject.image.reference) : subject.digest,
    documentTime(subject, options),
    ...(options.supplier || options.authors ? [JSON.stringify([options.supplier, options.authors])] : []),
  ].join('\n');
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The subject as the root of a document. */
export interface Root {
  readonly type: 'container' | 'application';
  /** Unique in the document: the purl where there is one. */
  readonly ref: string;
  /** Of an image the repository without tag: `ghcr.io/acme/app`. */
  readonly name: string;
  /** Of an image the tag, else the digest it is known by; of a folder what its manifest says. */
  readonly version: string;
  /** Of an image `pkg:oci/…`, when a manifest digest is known. */
  readonly purl?: string;
  /** SPDX expression. */
  readonly license?: string;
  /** `org.opencontainers.image.*`; none of a folder. */
  readonly labels: Readonly<Record<string, string>>;
  /** Names with their values, without `dlint:`. */
  readonly properties: readonly (readonly [string, string])[];
}

/** Of a root filesystem without configuration nothing is known but its bytes. */
const UNKNOWN_VERSION = 'unknown';

export function rootOf(subject: Subject): Root {
  return subject.kind === 'image' ? imageRoot(subject.image) : directoryRoot(subject);
}

function directoryRoot({ name, version = UNKNOWN_VERSION, purl, license, digest }: Directory): Root {
  return {
    type: 'application',
    ref: purl ?? `directory:${digest}`,
    name,
    version,
    ...(purl ? { purl } : {}),
    ...(license ? { license } : {}),
    labels: {},
    properties: [],
  };
}

function imageRoot(image: Image): Root {
  const { repository, tag } = splitReference(image.tags[0] ?? fileName(image.reference));
  const version = tag ?? image.manifestDigest ?? image.imageId ?? UNKNOWN_VERSION;
  const purl = image.manifestDigest ? ociPurl(image, repository, tag) : undefined;
  return {
    type: 'container',
    ref: purl ?? `image:${image.imageId ?? image.reference}`,
    name: repository,
    version,
    ...(purl ? { purl } : {}),
    labels: image.config.labels,
    properties: imageProperties(image),
  };
}

function imageProperties({ imageId, manifestDigest, platform, layers }: Image): [string, string][] {
  return [
    ...(imageId ? [['image:id', imageId] as [string, string]] : []),
    ...(manifestDigest ? [['image:manifestDigest', manifestDigest] as [string, string]] : []),
    ...(platform ? [['image:platform', `${platform.os}/${platform.architecture}`] as [string, string]] : []),
    ...layers.flatMap(({ index, diffId }): [string, string][] =>
      diffId ? [[`image:layer:${index}:diffId`, diffId]] : [],
    ),
  ];
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
 * The packages that a project names itself, and those that nothing else needs or contains, so that everything can be
 * reached from the root; of a group that only needs itself, the first.
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
  const isTop = ({ purl, isDirect = false }: SbomPackage) => isDirect || !needed.has(purl);
  for (const known of [isTop, ({ purl }: SbomPackage) => !reached.has(purl)]) {
    for (const one of packages) {
      if (!known(one)) continue;
      const { purl } = one;
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

/** A member of a document. What is iterable and no array is a list that is written item by item. */
export type Member = readonly [key: string, value: unknown];

/** The largest JSON pieces go out one at a time: `{`, members, each item of a list on a line of its own, `}`. */
export function* jsonDocument(members: Iterable<Member>): Iterable<string> {
  let before = '{\n';
  for (const [key, value] of members) {
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ',\n';
    if (!isLazy(value)) yield JSON.stringify(value);
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

/** An iterable that is made as it is read, and no array or text. */
export function isLazy(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value;
}
