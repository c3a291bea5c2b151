import { gzipSync } from 'node:zlib';
import {
  archiveOf,
  configOf,
  directory,
  dockerFiles,
  extended,
  file,
  hardlink,
  header,
  ociFiles,
  pax,
  type RawImage,
  symlink,
  tar,
} from '../../test/support/hostile.ts';
import { mutateBytes, mutateJson, mutateTar } from './mutate.ts';
import type { Random } from './random.ts';
import { rawFrame } from './zstd.ts';

const STATUS =
  'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\nArchitecture: amd64\nMaintainer: A <a@b.c>\n\n';
const APK = 'P:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\nF:lib\nR:ld-musl.so\n\n';
const NPM = '{"name":"left-pad","version":"1.3.0","license":"WTFPL"}';

/** Three layers with a bit of everything that layers may hold. */
const LAYERS: readonly Buffer[] = [
  tar(
    directory('etc'),
    file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
    file('etc/passwd', 'root:x:0:0::/root:/bin/sh\n'),
    directory('usr'),
    directory('usr/bin'),
    symlink('bin', 'usr/bin'),
    file('usr/bin/sh', '#!/bin/false\n', { mode: '0004755' }),
    hardlink('usr/bin/dash', 'usr/bin/sh'),
    directory('var/lib/dpkg'),
    file('var/lib/dpkg/status', STATUS),
    extended('L', `usr/share/${'long/'.repeat(30)}name\0`),
    file('cut', 'the body of a long name'),
    header({ name: 'dev/null', type: '3' }),
  ),
  tar(
    pax([
      ['SCHILY.xattr.security.capability', Buffer.from([1, 0, 0, 2, 0, 4, 0, 0])],
      ['mtime', '1700000000.25'],
      ['path', 'usr/bin/ping'],
    ]),
    file('short', 'ping'.repeat(300), { mode: '0000755' }),
    file('etc/.wh.passwd'),
    file('usr/share/.wh..wh..opq'),
    file('usr/share/new', 'x'.repeat(2000)),
    pax([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.name', 'srv/sparse'],
      ['GNU.sparse.realsize', '1048576'],
    ]),
    file('sparse', '1\n0\n5\n'.padEnd(512, '\0').concat('01234')),
    file('lib/apk/db/installed', APK),
  ),
  tar(
    file('etc', 'a file where a directory was'),
    directory('usr/bin/sh'),
    symlink('a', 'b'),
    symlink('b', 'a'),
    file('a/under-a-loop', 'lost'),
    file('usr/lib/node_modules/left-pad/package.json', NPM),
    file('usr/share/new', 'y'.repeat(2000)),
    file('usr/share/copy', 'y'.repeat(2000)),
  ),
];

/** An image that chance has made wrong somewhere: in a layer, in what describes it, or in its bytes as they lie. */
export interface FuzzedImage {
  readonly bytes: Buffer;
  /** The files of a layout or of an unpacked archive, where it is to lie in a folder. */
  readonly files?: ReadonlyMap<string, Buffer>;
}

export function fuzzedImage(random: Random): FuzzedImage {
  const level = random.pick([
    'tar',
    'layer',
    'stored',
    'config',
    'manifest',
    'index',
    'outer',
    'outer',
    'whole',
  ] as const);
  const chosen = random.below(LAYERS.length);
  const layers = LAYERS.map((layer, i) => {
    if (i !== chosen || (level !== 'tar' && level !== 'layer')) return layer;
    return level === 'tar' ? mutateTar(layer, random) : mutateBytes(layer, random);
  });
  const pack = random.pick([gzipSync, rawFrame, (layer: Buffer) => layer]);
  const image: RawImage = {
    layers,
    config: level === 'config' ? mutateJson(configOf(layers), random) : configOf(layers),
    compress: (layer) => {
      const stored = pack(layer);
      return level === 'stored' && layer === layers[chosen] ? mutateBytes(stored, random) : stored;
    },
    ...(level === 'manifest' && { manifest: (honest) => mutateJson(JSON.stringify(honest), random) }),
    ...(level === 'index' && {
      index: (descriptor) => mutateJson(JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }), random),
    }),
  };
  const files = level === 'index' || random.below(2) === 0 ? ociFiles(image) : dockerFiles(image);
  if (random.below(6) === 0 && level !== 'outer' && level !== 'whole') return { bytes: Buffer.alloc(0), files };
  const outer = archiveOf(files);
  const archive =
    level !== 'outer' ? outer : random.below(2) === 0 ? mutateTar(outer, random) : mutateBytes(outer, random);
  const whole = random.pick([gzipSync, rawFrame, (bytes: Buffer) => bytes, (bytes: Buffer) => bytes])(archive);
  return { bytes: level === 'whole' ? mutateBytes(whole, random) : whole };
}
