import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Group } from './measure.ts';
import { dlint, quote } from './programs.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Two images of one layout, the second with one layer more: what the first has told is not read again. */
export function sharedLayers(plain: readonly string[], scratch: string, rounds: number): Group {
  const layout = join(scratch, 'shared');
  twoImages(layout, plain);
  const cache = join(scratch, 'shared-cache');
  const command = (image: string): string =>
    ['env', `DLINT_CACHE=${cache}`, ...dlint('inspect', '--image', image, layout)].map(quote).join(' ');
  // What was told of the second image would be told again: only the first one's traces are left.
  const forget = `rm -rf ${quote(cache)} && cp -a ${quote(`${cache}-first`)} ${quote(cache)}`;
  execFileSync('sh', ['-c', `sleep 3; ${command('base')} > ${quote(join(scratch, 'first.txt'))}`]);
  rmSync(`${cache}-first`, { recursive: true, force: true });
  execFileSync('cp', ['-a', cache, `${cache}-first`]);
  return {
    title: 'Inspect: a second image on layers that were seen',
    note: 'The limit is the same image with nothing kept.',
    rounds,
    notCompared: [],
    cases: [
      { name: 'dlint inspect --no-cache', command: dlint('inspect', '--no-cache', '--image', 'more', layout) },
      { name: 'dlint inspect, layers seen before', command: `${forget} && ${command('more')}` },
    ],
  };
}

/**
 * Writes an OCI layout with two images: `base` of these plain layers, which are named after their digests, and `more` with a
 * small one on top. The layers are linked, not copied.
 */
function twoImages(layout: string, layers: readonly string[]): void {
  const blobs = join(layout, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, bytes: Buffer): Descriptor => {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, hex), bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (mediaType: string, value: unknown): Descriptor => put(mediaType, Buffer.from(JSON.stringify(value)));
  const base = layers.map((layer): Descriptor => {
    const file = realpathSync(layer);
    const hex = basename(file, '.tar');
    linkSync(file, join(blobs, hex));
    return { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${hex}`, size: statSync(file).size };
  });
  const small = put(
    'layer.v1.tar',
    execFileSync('tar', ['-cf', '-', '-C', import.meta.dirname, basename(import.meta.filename)]),
  );
  const image = (name: string, own: readonly Descriptor[]) => {
    const diffIds = own.map(({ digest }) => digest);
    const config = json('config.v1+json', {
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: diffIds },
    });
    const manifest = json('manifest.v1+json', { schemaVersion: 2, config, layers: own });
    return { ...manifest, annotations: { 'org.opencontainers.image.ref.name': name } };
  };
  const manifests = [image('base', base), image('more', [...base, small])];
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}
