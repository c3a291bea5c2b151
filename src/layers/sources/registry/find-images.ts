import { DlintError } from '../../../errors.ts';
import type { Digest } from '../../../report/finding.ts';
import { type Limits, raise } from '../../limits.ts';
import { count, digest, type Fields, fields, list, text } from '../json.ts';
import { decodePlatform, isAttestation } from '../oci-layout.ts';
import type { FoundImage, LoadedImage, LoadedLayer } from '../store.ts';
import { isLoopback } from './address.ts';
import { type ClientOptions, RegistryClient } from './client.ts';
import { type DocumentOptions, getJsonBlob, getManifest, type Manifest } from './documents.ts';
import { speaksNoTls } from './network-error.ts';
import { apiHost, type RegistryReference, referenceName } from './reference.ts';

export interface RegistryOptions extends ClientOptions {
  readonly limits: Limits;
  /** Speak HTTP with a registry elsewhere that does not know TLS; with one on this machine that is done unasked. */
  readonly insecure?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const UNSTATED = '';
const IMAGE_CONFIGS: readonly string[] = [
  UNSTATED,
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/**
 * The images that a reference names in its registry: one, or one for each platform of an index, attestations left out.
 * Errors: `E_REGISTRY`, `E_DIGEST`, `E_CORRUPT`, `E_LIMIT`, `E_UNSUPPORTED`, `E_NOT_AN_IMAGE`.
 */
export async function findRegistryImages(
  reference: RegistryReference,
  options: RegistryOptions,
): Promise<FoundImage[]> {
  const { limits, signal } = options;
  const name = referenceName(reference);
  const documents: DocumentOptions = { name, limits, signal };
  const { client, manifest } = await connect(reference, documents, options);
  const tags = reference.tag === undefined ? [] : [`${reference.registry}/${reference.repository}:${reference.tag}`];
  const walk = new Walk(client, documents, tags);
  await walk.take(manifest, null, 0);
  if (walk.images.length > 0) return walk.images;
  throw new DlintError('E_CORRUPT', 'the index names no image', { where: name });
}

/** Gets the first manifest; over plain HTTP where that is allowed and TLS is not spoken. */
async function connect(
  reference: RegistryReference,
  documents: DocumentOptions,
  options: RegistryOptions,
): Promise<{ client: RegistryClient; manifest: Manifest }> {
  const host = apiHost(reference.registry);
  const target = reference.digest ?? reference.tag ?? 'latest';
  const ask = async (scheme: 'https' | 'http'): Promise<{ client: RegistryClient; manifest: Manifest }> => {
    const client = new RegistryClient(new URL(`${scheme}://${host}`), reference.repository, options);
    return { client, manifest: await getManifest(client, target, documents) };
  };
  const mayDowngrade = options.insecure === true || isLoopback(new URL(`https://${host}`).hostname);
  if (!mayDowngrade) return await ask('https');
  const speaksTls = await probe(new URL(`https://${host}/v2/`), options.signal);
  return await ask(speaksTls ? 'https' : 'http');
}

const PROBE_MS = 5000;

async function probe(url: URL, signal: AbortSignal | undefined): Promise<boolean> {
  const timeout = AbortSignal.timeout(PROBE_MS);
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    await answer.body?.cancel();
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    return !speaksNoTls(error) && !timeout.aborted;
  }
}

class Walk {
  readonly images: FoundImage[] = [];
  readonly #client: RegistryClient;
  readonly #options: DocumentOptions;
  readonly #tags: readonly string[];
  readonly #seen = new Set<string>();
  #visited = 0;

  constructor(client: RegistryClient, options: DocumentOptions, tags: readonly string[]) {
    this.#client = client;
    this.#options = options;
    this.#tags = tags;
  }

  async take(manifest: Manifest, platform: FoundImage['platform'], depth: number): Promise<void> {
    if (manifest.kind === 'manifest') this.#add(manifest.digest, platform, async () => manifest);
    else for (const item of list(manifest.body.get('manifests'))) await this.#descend(fields(item), depth + 1);
  }

  async #descend(descriptor: Fields, depth: number): Promise<void> {
    const { name, limits } = this.#options;
    if (isAttestation(descriptor)) return;
    if (depth > limits.indexDepth) {
      throw new DlintError('E_LIMIT', `indexes nested more than ${limits.indexDepth} deep`, {
        where: name,
        hint: raise('indexDepth', limits),
      });
    }
    if (++this.#visited > limits.manifests) {
      throw new DlintError('E_LIMIT', `more than ${limits.manifests} manifests`, {
        where: name,
        hint: raise('manifests', limits),
      });
    }
    const named = digest(descriptor.get('digest'));
    if (!named) throw new DlintError('E_CORRUPT', 'a manifest in the index has no valid digest', { where: name });
    if (this.#seen.has(named)) return;
    const platform = decodePlatform(descriptor.get('platform'));
    if (/\.(?:index|manifest\.list)\./.test(text(descriptor.get('mediatype')) ?? '')) {
      this.#seen.add(named);
      await this.take(await getManifest(this.#client, named, this.#options), platform, depth);
    } else this.#add(named, platform, () => getManifest(this.#client, named, this.#options));
  }

  #add(named: Digest, platform: FoundImage['platform'], get: () => Promise<Manifest>): void {
    this.#seen.add(named);
    const load = async (): Promise<LoadedImage> => await loadImage(this.#client, await get(), this.#options);
    this.images.push({ tags: this.#tags, manifestDigest: named, platform, load });
  }
}

async function loadImage(client: RegistryClient, manifest: Manifest, options: DocumentOptions): Promise<LoadedImage> {
  const { name } = options;
  const { body } = manifest;
  const described = fields(body.get('config'));
  const mediaType = text(described.get('mediatype')) ?? UNSTATED;
  if (manifest.kind !== 'manifest' || !IMAGE_CONFIGS.includes(mediaType)) {
    const what = text(body.get('artifacttype')) ?? mediaType;
    throw new DlintError('E_NOT_AN_IMAGE', `an artifact of type ${what.slice(0, 100)}, not an image`, { where: name });
  }
  const config = blobOf(described, 'the config', name);
  return {
    format: 'registry',
    config: { value: await getJsonBlob(client, config, 'config', options), digest: config.digest },
    layers: list(body.get('layers')).map((layer, index) => locateLayer(client, fields(layer), index, options)),
    warnings: [],
  };
}

function locateLayer(client: RegistryClient, layer: Fields, index: number, options: DocumentOptions): LoadedLayer {
  const { name, limits } = options;
  const { digest: named, length } = blobOf(layer, `layer ${index + 1}`, name);
  if (length > limits.inflatedBytes) {
    throw new DlintError('E_LIMIT', `layer ${index + 1} has ${length} bytes`, {
      where: name,
      hint: raise('inflatedBytes', limits, length),
    });
  }
  const at = { url: client.url(`blobs/${named}`).href, digest: named, length };
  return { at, digest: named, mediaType: text(layer.get('mediatype')) ?? null };
}

function blobOf(descriptor: Fields, what: string, where: string): { digest: Digest; length: number } {
  const named = digest(descriptor.get('digest'));
  const length = count(descriptor.get('size'));
  if (named && length !== undefined && Number.isSafeInteger(length) && length >= 0) return { digest: named, length };
  throw new DlintError('E_CORRUPT', `the manifest states no valid digest and size of ${what}`, { where });
}
