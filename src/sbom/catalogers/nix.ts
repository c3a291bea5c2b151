import type { ByteSource } from '../../layers/byte-source.ts';
import { isSqlite, readTable } from '../formats/sqlite.ts';
import type { Cataloger, FileView, Hash, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const STORE = 'nix/store';
const MAX_PATHS = 500_000;

/** A store path that the database has registered. */
interface Registered {
  /** Its last name: `<hash>-<name>-<version>`. */
  readonly base: string;
  /** Of the archive of it, SHA-256 in hex. */
  readonly hash?: string;
  /** Last names of what it refers to. */
  readonly refers: readonly string[];
}

/** Nix: what the store's database registers, else what the folders of the store are called. */
const nix: Cataloger = {
  name: 'nix',
  version: 1,
  files: [],
  folders: [STORE],
  reader: {
    wants: ({ path }) => path === 'nix/var/nix/db/db.sqlite',
    accepts: isSqlite,
    read: readDatabase,
  },
  *catalog(view) {
    if (!view.has(STORE)) return;
    const [database] = view.readings<readonly Registered[]>('nix');
    const registered = database?.value ?? view.list(STORE).map((base): Registered => ({ base, refers: [] }));
    for (const one of registered) {
      const found = toPackage(one, registered === database?.value ? database.path : undefined, view);
      if (found) yield found;
    }
  },
};
export default nix;

/** nix, src/libstore/schema.sql: ValidPaths(id, path, hash, …) and Refs(referrer, reference). */
function readDatabase(bytes: ByteSource): Registered[] {
  const paths = new Map<number, { base: string; hash: string | undefined; refers: string[] }>();
  for (const { rowid, values } of readTable(bytes, 'ValidPaths')) {
    const [, path, hash] = values;
    if (typeof path !== 'string' || paths.size >= MAX_PATHS) continue;
    const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(String(hash)) ?? [];
    paths.set(rowid, { base: path.slice(path.lastIndexOf('/') + 1), hash: hex, refers: [] });
  }
  for (const { values } of readTable(bytes, 'Refs')) {
    const target = paths.get(Number(values[1]));
    const source = paths.get(Number(values[0]));
    if (target && source && target !== source) source.refers.push(target.base);
  }
  return [...paths.values()].map(({ base, hash, refers }) => ({ base, refers, ...(hash ? { hash } : {}) }));
}

const OUTPUT = /^(.*)-(bin|dev|lib|man|doc|info|out|static|debug|devdoc|data|dist)$/;

/** `5av3…-glibc-2.34-210-bin`: the version begins at the first hyphen with a digit behind it (nix, parseDrvName). */
function parseStoreName(base: string): { hash: string; name: string; version: string; output?: string } | undefined {
  const [, hash, rest] = /^([0-9a-df-np-sv-z]{32})-(.+)$/.exec(base) ?? [];
  if (!hash || !rest || rest.endsWith('.drv')) return undefined;
  const [, plain = rest, output] = OUTPUT.exec(rest) ?? [];
  const [, name, version] = /^(.+?)-(\d.*)$/.exec(plain) ?? [];
  // What has no version is a script, a source, or the environment that links to others.
  return name && version && !/\.(?:tar(?:\.\w+)?|zip|patch|diff|tgz|sh)$/.test(version)
    ? { hash, name, version, ...(output ? { output } : {}) }
    : undefined;
}

function storePurl(base: string): string | undefined {
  const parsed = parseStoreName(base);
  return (
    parsed &&
    tryPurl({
      type: 'nix',
      name: parsed.name,
      version: parsed.version,
      qualifiers: { output: parsed.output, outputhash: parsed.hash },
    })
  );
}

function toPackage(
  { base, hash, refers }: Registered,
  database: string | undefined,
  view: FileView,
): Package | undefined {
  const parsed = parseStoreName(base);
  const purl = storePurl(base);
  const place = `${STORE}/${base}`;
  if (!parsed || !purl || !view.has(place)) return undefined;
  const hashes: Hash[] = hash ? [{ algorithm: 'SHA-256', value: hash }] : [];
  return {
    name: parsed.name,
    version: parsed.version,
    purl,
    ecosystem: 'nix',
    foundBy: 'nix',
    ...stated({ hashes }),
    dependsOn: refers.flatMap((one) => storePurl(one) ?? []),
    knowsDependencies: database !== undefined,
    confidence: database ? 1 : 0.8,
    evidence: [place, ...(database ? [database] : [])],
  };
}
