import { readBytes } from './config/image-policy.ts';
import { DlintError } from './errors.ts';
import type { Platform } from './layers/image.ts';
import type { OpenOptions } from './layers/open.ts';

/**
 * `linux/arm64/v8` as a platform.
 * @throws DlintError E_USAGE
 */
export function readPlatform(value: string): Platform {
  const [os, architecture, variant, ...rest] = value.split('/');
  if (!os || !architecture || variant === '' || rest.length > 0) {
    throw new DlintError('E_USAGE', `${value} is not a platform`, {
      where: `--platform ${value}`,
      hint: 'OS/ARCH or OS/ARCH/VARIANT, e.g. linux/amd64 or linux/arm64/v8',
    });
  }
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/**
 * The number of a layer, from 1.
 * @throws DlintError E_USAGE
 */
export function readLayer(value: string): number {
  const layer = Number(value);
  if (/^\d+$/.test(value) && layer >= 1 && Number.isSafeInteger(layer)) return layer;
  throw new DlintError('E_USAGE', `${value} is not the number of a layer`, {
    where: `--layer ${value}`,
    hint: 'layers count from 1, the lowest; dlint inspect IMAGE lists them',
  });
}

/**
 * `150MB`, `1.5GiB` or a number as bytes.
 * @throws DlintError E_USAGE
 */
export function readSize(flag: string, value: string): number {
  const bytes = readBytes(value);
  if (bytes !== undefined) return bytes;
  throw new DlintError('E_USAGE', `${value} is not a size`, {
    where: `${flag} ${value}`,
    hint: 'a number with kB, MB, GB (thousands) or KiB, MiB, GiB (1,024s), e.g. 150MB',
  });
}

/** `--platform`, `--image` and `--insecure` as `openImage` takes them. */
export function openFlags(flags: {
  readonly platform?: string;
  readonly image?: string;
  readonly insecure?: boolean;
}): Pick<OpenOptions, 'platform' | 'image' | 'insecure'> {
  return {
    ...(flags.platform !== undefined && { platform: readPlatform(flags.platform) }),
    ...(flags.image !== undefined && { image: flags.image }),
    ...(flags.insecure === true && { insecure: true }),
  };
}
