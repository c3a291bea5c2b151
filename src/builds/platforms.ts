import type { Said } from './said.ts';

/**
 * What the builder sets when all is built for one platform (`linux/arm64/v8`; Dockerfile reference, "Automatic platform
 * ARGs in the global scope"). Of several, each would be another build: then nothing is known.
 */
export function platformArguments(platforms: readonly Said[]): ReadonlyMap<string, string> {
  const [only] = platforms;
  if (only?.text === undefined || platforms.length > 1) return new Map();
  const [os = '', architecture, variant] = only.text.toLowerCase().split('/');
  // `local` is that of the builder.
  if (!/^[a-z]+$/.test(os) || architecture === undefined) return new Map();
  const arch = architectures.get(architecture) ?? architecture;
  const isPlainArm64 = arch === 'arm64' && variant === 'v8';
  const own = isPlainArm64 ? undefined : (variant ?? (arch === 'arm' ? 'v7' : undefined));
  return new Map([
    ['TARGETPLATFORM', [os, arch, ...(own === undefined ? [] : [own])].join('/')],
    ['TARGETOS', os],
    ['TARGETARCH', arch],
    ['TARGETVARIANT', own ?? ''],
  ]);
}

/** Names that uname gives. */
const architectures: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
  ['armhf', 'arm'],
  ['i386', '386'],
  ['i686', '386'],
]);
