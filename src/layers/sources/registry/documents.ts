import { createHash } from 'node:crypto';
import { DlintError } from '../../../errors.ts';
import type { Digest } from '../../../report/finding.ts';
import { type Limits, raise } from '../../limits.ts';
import { digest as decodeDigest, type Fields, fields, parseJson, text } from '../json.ts';
import { blobChunks } from './blob.ts';
import type { RegistryClient } from './client.ts';
import { missingManifest } from './tags.ts';

export interface DocumentOptions {
  /** The image's whole name, for errors. */
  readonly name: string;
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
}

export interface Manifest {
  readonly kind: 'manifest' | 'index';
  readonly digest: Digest;
  readonly body: Fields;
}

const KINDS: Readonly<Record<string, Manifest['kind']>> = {
  'application/vnd.oci.image.manifest.v1+json': 'manifest',
  'application/vnd.docker.distribution.manifest.v2+json': 'manifest',
  'application/vnd.oci.image.index.v1+json': 'index',
  'application/vnd.docker.distribution.manifest.list.v2+json': 'index',
};
/** Without all of them registries answer 404, or convert to a format that nothing can verify. */
const ACCEPT = Object.keys(KINDS).join(', ');
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+/;

/**
 * A manifest or an index by tag or digest, its digest proven where one is stated.
 * Throws `E_REGISTRY`, `E_DIGEST`, `E_LIMIT`, `E_CORRUPT`, and `E_UNSUPPORTED` for schema 1.
 */
export async function getManifest(client: RegistryClient, target: string, options: DocumentOptions): Promise<Manifest> {
  const { name, limits, signal } = options;
  const answer = await client.get(`manifests/${target}`, { headers: { accept: ACCEPT }, mayMiss: true, signal });
  if (answer.status === 404) {
    answer.discard();
    throw await missingManifest(client, target, name, signal);
  }
  const where = `${name}: manifest ${target}`;
  const { mediaType } = answer;
  if (SCHEMA_1.test(mediaType)) {
    answer.discard();
    throw schema1(where);
  }
  // Some servers know only that it is JSON.
  if (mediaType !== '' && mediaType !== 'application/json' && KINDS[mediaType] === undefined) {
    answer.discard();
    throw new DlintError('E_REGISTRY', `${client.origin.host} answers with ${shown(mediaType)}, not with a manifest`, {
      where,
      hint: 'is this a container registry?',
    });
  }
  const bytes = await answer.bytes(limits.jsonBytes);
  const stated = decodeDigest(target) ?? decodeDigest(answer.header('docker-content-digest'));
  const digest = digestOf(bytes, stated);
  if (stated && digest !== stated) {
    throw new DlintError('E_DIGEST', `the registry sends ${digest}, not ${stated}`, { where });
  }
  const body = fields(parseJson(bytes, where));
  return { kind: kindOf(mediaType, body, where), digest, body };
}

/** A document of two meanings is refused: which one is read must not depend on the reader (CVE-2021-41190). */
function kindOf(mediaType: string, body: Fields, where: string): Manifest['kind'] {
  if (body.has('fslayers')) throw schema1(where);
  const isIndex = body.has('manifests');
  const isManifest = body.has('config') || body.has('layers');
  const kind = isIndex === isManifest ? undefined : isIndex ? 'index' : 'manifest';
  const stated = [mediaType, text(body.get('mediatype')) ?? ''].map((type) => KINDS[type]).filter(Boolean);
  if (kind !== undefined && stated.every((other) => other === kind)) return kind;
  throw new DlintError('E_CORRUPT', 'this is neither a manifest nor an index, or both', { where });
}

function schema1(where: string): DlintError {
  return new DlintError('E_UNSUPPORTED', "a manifest of Docker's schema 1", {
    where,
    hint: 'its layers cannot be verified; push the image again with a current tool',
  });
}

/** A blob that is JSON, proven. */
export async function getJsonBlob(
  client: RegistryClient,
  blob: { readonly digest: Digest; readonly length: number },
  what: string,
  { name, limits, signal }: DocumentOptions,
): Promise<unknown> {
  const where = `${name}: ${what}`;
  if (blob.length > limits.jsonBytes) {
    throw new DlintError('E_LIMIT', `${blob.length} bytes of JSON; ${limits.jsonBytes} are read`, {
      where,
      hint: raise('jsonBytes', limits, blob.length),
    });
  }
  const parts: Buffer[] = [];
  for await (const chunk of blobChunks(client, blob, { where, signal })) parts.push(chunk);
  return parseJson(Buffer.concat(parts), where);
}

function digestOf(bytes: Buffer, stated: Digest | undefined): Digest {
  const algorithm = stated?.startsWith('sha512:') ? 'sha512' : 'sha256';
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

function shown(mediaType: string): string {
  return /^[\w.+/-]{1,100}$/.test(mediaType) ? mediaType : 'something of an unreadable type';
}
