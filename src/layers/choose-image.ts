import { DlintError } from '../errors.ts';
import type { Platform } from './image.ts';
import { platformName } from './sources/oci-layout.ts';
import type { FoundImage } from './sources/store.ts';

interface Wish {
  readonly platform?: Platform;
  readonly image?: string;
}

/** Node's names of processors that Go, and so every image, calls otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
};

/** The image that is wanted, or the one a machine like this would run, or the first; with a warning when that was a choice. */
export function chooseImage(
  reference: string,
  found: readonly FoundImage[],
  wish: Wish,
): { found: FoundImage; warnings: string[] } {
  const named = wish.image === undefined ? found : byName(reference, found, wish.image);
  const fitting = wish.platform ? byPlatform(reference, named, wish.platform) : named;
  const host = closest(fitting, hostPlatform());
  const [first] = wish.platform === undefined && host.length > 0 ? host : fitting;
  if (!first) throw new DlintError('E_NO_SUCH_IMAGE', 'no image in here', { where: reference });
  if (fitting.length === 1 || wish.image !== undefined) return { found: first, warnings: [] };
  return { found: first, warnings: [othersThan(first, fitting, found)] };
}

const MOST_OTHERS = 4;

function othersThan(chosen: FoundImage, fitting: readonly FoundImage[], found: readonly FoundImage[]): string {
  const title = (one: FoundImage) => one.tags[0] ?? platformName(one.platform);
  const number = (one: FoundImage) => found.indexOf(one) + 1;
  const others = fitting.filter((one) => one !== chosen);
  const told = others.slice(0, MOST_OTHERS).map((one) => {
    const name = title(one);
    return `--image ${number(one)}${name === undefined ? '' : ` is ${name}`}`;
  });
  const rest = others.length > MOST_OTHERS ? ', …' : '';
  return `${fitting.length} images in here; this is ${title(chosen) ?? `number ${number(chosen)}`} (${told.join(', ')}${rest})`;
}

function byName(reference: string, found: readonly FoundImage[], name: string): FoundImage[] {
  const tagged = found.filter(({ tags }) => tags.some((tag) => tag === name || fullTag(tag) === fullTag(name)));
  if (tagged.length > 0) return tagged;
  const numbered = /^[1-9]\d*$/.test(name) ? found[Number(name) - 1] : undefined;
  if (numbered) return [numbered];
  const digest = name.startsWith('sha256:') ? name : `sha256:${name}`;
  const digested = name.length >= 6 ? found.filter((image) => image.manifestDigest?.startsWith(digest)) : [];
  if (digested.length > 0) return digested;
  throw new DlintError('E_NO_SUCH_IMAGE', `there is no image ${name} in here`, {
    where: reference,
    hint: offer(found),
  });
}

function byPlatform(reference: string, found: readonly FoundImage[], platform: Platform): FoundImage[] {
  const stated = closest(found, platform);
  // A single manifest says nothing of platforms; its config does, and the caller sees it.
  const fitting = stated.length > 0 ? stated : found.filter((image) => image.platform === null);
  if (fitting.length > 0) return fitting;
  const message = `there is no image for ${platformName(platform)} in here`;
  throw new DlintError('E_NO_SUCH_IMAGE', message, { where: reference, hint: offer(found) });
}

function offer(found: readonly FoundImage[]): string {
  const names = found.slice(0, 12).map(({ tags, platform }, index) => {
    const title = [tags[0], platformName(platform)].filter(Boolean).join(' ');
    return title ? `${index + 1} (${title})` : String(index + 1);
  });
  return `there are: ${names.join(', ')}${found.length > 12 ? ', …' : ''}`;
}

/** Whether an image of `platform` can stand for `wanted`, whose variant may be left open. */
export function fitsPlatform(platform: Platform | null, wanted: Platform): boolean {
  return platformDistance(platform, wanted) < Number.POSITIVE_INFINITY;
}

/** The images that fit, the closest first; those as close stay in their order. */
function closest(found: readonly FoundImage[], wanted: Platform): FoundImage[] {
  return found
    .filter(({ platform }) => fitsPlatform(platform, wanted))
    .sort((a, b) => platformDistance(a.platform, wanted) - platformDistance(b.platform, wanted));
}

/** Variant of an architecture that names none (OCI image-spec, "Platform Variants"; containerd's "platforms"). */
const DEFAULT_VARIANTS: Readonly<Record<string, number>> = { arm: 7, arm64: 8, amd64: 1 };

/**
 * How far `platform` is from `wanted`: 0 is just it, infinite does not run there. Processors run what was made for an
 * older variant; where none is wanted, every variant will do, the usual one first.
 */
function platformDistance(platform: Platform | null, wanted: Platform): number {
  const never = Number.POSITIVE_INFINITY;
  if (!platform || platform.os !== wanted.os || platform.architecture !== wanted.architecture) return never;
  if (platform.variant === wanted.variant) return 0;
  const usual = DEFAULT_VARIANTS[wanted.architecture];
  if (usual === undefined) return wanted.variant === undefined ? 1 : never;
  const has = variantNumber(platform.variant, usual);
  const wants = variantNumber(wanted.variant, usual);
  if (has <= wants) return wants - has;
  return wanted.variant === undefined ? 100 + has - wants : never;
}

function variantNumber(variant: string | undefined, usual: number): number {
  const number = variant === undefined ? usual : Number(/^v(\d{1,2})/.exec(variant)?.[1]);
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number;
}

export function hostPlatform(): Platform {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  const { arm_version: variant } = process.config.variables as { arm_version?: string };
  return { os: 'linux', architecture, ...(architecture === 'arm' && variant && { variant: `v${variant}` }) };
}

/** Docker's short names, written out. */
function fullTag(tag: string): string {
  const named = /[:@][^/]*$/.test(tag) ? tag : `${tag}:latest`;
  const first = named.split('/')[0] as string;
  if (!named.includes('/')) return `docker.io/library/${named}`;
  return /[.:]|^localhost$/.test(first) ? named : `docker.io/${named}`;
}
