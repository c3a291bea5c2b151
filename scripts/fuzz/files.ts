import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { mutateBytes } from './mutate.ts';
import type { Random } from './random.ts';

/** A file as packages are read from, under a path where it is looked for. */
export interface FuzzedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

const SHARED = resolve(import.meta.dirname, '../../../shared/sbom');
const LARGEST = 12 * 1024 * 1024;
/** Where the databases of the shared folder would stand in an image. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\.installed$/, 'lib/apk/db/installed'],
  [/^dpkg\/.*(?:valid|single|status\w*|transitional\w*)$/, 'var/lib/dpkg/status'],
  [/^rpm\/.*\.sqlite$/, 'usr/lib/sysimage/rpm/rpmdb.sqlite'],
  [/^rpm\/.*Packages\.db$/, 'usr/lib/sysimage/rpm/Packages.db'],
  [/^rpm\/.*Packages$/, 'var/lib/rpm/Packages'],
];

/** Real jars, programs and package databases of this machine, by the path they are given. */
export function realFiles(): FuzzedFile[] {
  const found = new Map<string, string>();
  for (const name of list(SHARED)) {
    const place = PLACES.find(([pattern]) => pattern.test(name))?.[1] ?? name.replace(/^[^/]+\//, '');
    found.set(`${found.size}:${place}`, join(SHARED, name));
  }
  for (const name of list('/usr/share/java').slice(0, 12))
    found.set(`${found.size}:${name}`, join('/usr/share/java', name));
  for (const program of [
    '/usr/bin/skopeo',
    '/usr/bin/python3',
    '/usr/bin/bash',
    '/usr/bin/openssl',
    '/usr/bin/perl',
    process.execPath,
  ]) {
    if (existsSync(program)) found.set(`${found.size}:usr/bin/${basename(program)}`, program);
  }
  return [...found].flatMap(([path, from]) => {
    const size = statSync(from).size;
    return size > 0 && size <= LARGEST ? [{ path: path.slice(path.indexOf(':') + 1), bytes: readFileSync(from) }] : [];
  });
}

function list(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .sort();
}

export function fuzzedFile(files: readonly FuzzedFile[], random: Random): FuzzedFile {
  const { path, bytes } = random.pick(files);
  let changed = mutateBytes(bytes, random);
  while (random.below(2) === 0) changed = mutateBytes(changed, random);
  // Headers stand at the beginning and at the end: most of a large file is only weight.
  if (random.below(2) === 0) {
    const head = mutateBytes(changed.subarray(0, 256), random);
    changed = Buffer.concat([head, changed.subarray(256)]);
  }
  return { path, bytes: changed };
}
