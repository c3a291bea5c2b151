import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { DlintError } from './errors.ts';
import { readPlatform } from './image-flags.ts';
import type { Image } from './layers/image.ts';
import { eachInLanes } from './layers/lanes.ts';
import { makeFolder } from './layers/make-folder.ts';
import { openImage } from './layers/open.ts';
import { parse } from './lint/parse.ts';
import { type AnalyzeOptions, analyze, type BaseImage, baseImageKey } from './lint/semantic.ts';
import type { Source } from './report/finding.ts';

/** What a tag means may change: it is asked again after a day. What a digest means may not. */
const FRESH = 24 * 60 * 60 * 1000;
/** Registries are waited for, so several at once. */
const AT_ONCE = 4;
const MAX_IMAGES = 500;

export interface BaseImagesOptions {
  readonly insecure?: boolean;
  readonly signal?: AbortSignal;
}

export interface ResolvedImages {
  /** As `analyze` takes them. */
  readonly baseImages: ReadonlyMap<string, BaseImage>;
  /** Images that could not be asked for, with the first file that starts from each. */
  readonly errors: readonly { readonly path: string; readonly error: DlintError }[];
}

interface Wanted {
  readonly path: string;
  readonly reference: string;
  readonly platform?: string;
}

/**
 * Asks registries for the images that stages start from: environment, user, shell, platform. Only manifests and
 * configurations are fetched, no layer. Answers are kept for a day (`~/.cache/dlint/images`), those by digest for ever.
 */
export async function resolveBaseImages(
  files: Iterable<{ readonly source: Source; readonly analyze: AnalyzeOptions }>,
  { insecure, signal }: BaseImagesOptions = {},
): Promise<ResolvedImages> {
  const wanted = [...wantedImages(files)].slice(0, MAX_IMAGES);
  const baseImages = new Map<string, BaseImage>();
  const errors: { path: string; error: DlintError }[] = [];
  await eachInLanes(wanted, AT_ONCE, signal, async ([key, { path, reference, platform }]) => {
    const cached = readCached(key, reference);
    if (cached) return void baseImages.set(key, cached);
    try {
      const image = await openImage(`docker://${reference}`, {
        ...(platform !== undefined && { platform: readPlatform(platform) }),
        ...(insecure && { insecure }),
        ...(signal && { signal }),
      });
      const facts = factsOf(image);
      baseImages.set(key, facts);
      writeCached(key, facts);
    } catch (error) {
      if (!(error instanceof DlintError)) throw error;
      // An image that is there, but not for the platform, is what a rule speaks of.
      const other = error.code === 'E_NO_SUCH_IMAGE' ? await withoutPlatform(reference, insecure, signal) : undefined;
      if (other) baseImages.set(key, other);
      else errors.push({ path, error });
    }
  });
  return { baseImages, errors };
}

async function withoutPlatform(
  reference: string,
  insecure: boolean | undefined,
  signal: AbortSignal | undefined,
): Promise<BaseImage | undefined> {
  try {
    const options = { ...(insecure && { insecure }), ...(signal && { signal }) };
    return factsOf(await openImage(`docker://${reference}`, options));
  } catch (error) {
    if (error instanceof DlintError) return undefined;
    throw error;
  }
}

function wantedImages(
  files: Iterable<{ readonly source: Source; readonly analyze: AnalyzeOptions }>,
): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { source, analyze: options } of files) {
    for (const { base, platform } of analyze(parse(source), options).stages) {
      if (base.kind !== 'image') continue;
      const reference = base.image.text;
      const key = baseImageKey(reference, platform);
      const isPlatform = platform !== undefined && /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/.test(platform);
      if (!wanted.has(key)) wanted.set(key, { path: source.path, reference, ...(isPlatform && { platform }) });
    }
  }
  return wanted;
}

function factsOf({ config, platform }: Image): BaseImage {
  const env = new Map(
    config.env.map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
  return {
    env,
    user: config.user ?? '',
    ...(config.workingDir && { workdir: config.workingDir }),
    ...(config.shell && { shell: config.shell }),
    ...(platform && { platform }),
  };
}

/** Throws where there is no folder for caches, which is as if nothing were there. */
function cacheFile(key: string): string {
  const root = cacheFolder();
  if (root === undefined) throw new Error('no folder for caches');
  return join(root, 'dlint', 'images', `${createHash('sha256').update(key).digest('hex')}.json`);
}

/** What cannot be read, or is too old, is as if it were not there. */
function readCached(key: string, reference: string): BaseImage | undefined {
  try {
    const { at, env, ...facts } = JSON.parse(readFileSync(cacheFile(key), 'utf8'));
    const isFresh = reference.includes('@sha256:') || (typeof at === 'number' && Math.abs(Date.now() - at) < FRESH);
    if (!isFresh || !Array.isArray(env) || typeof facts.user !== 'string') return undefined;
    return { ...facts, env: new Map(env) };
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written to costs time, and nothing else. */
function writeCached(key: string, { env, ...facts }: BaseImage): void {
  try {
    const file = cacheFile(key);
    makeFolder(join(file, '..'), 0o700);
    const draft = `${file}.${process.pid}`;
    // Images carry secrets in their environment, too.
    writeFileSync(draft, JSON.stringify({ at: Date.now(), env: [...env], ...facts }), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // As said.
  }
}
