import { lines } from '../control-file.ts';
import { distroQualifier } from '../distro.ts';
import { unzstd } from '../formats/decompress.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import type { CatalogContext, Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const WALL = 'var/lib/chisel/manifest.wall';
const MAX_WALL = 256 << 20;

type Fields = Readonly<Record<string, unknown>>;

interface Wall {
  readonly packages: readonly Fields[];
  /** By package. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** Chiselled Ubuntu: Debian packages of which only slices were installed, written down without dpkg (chisel, "manifest"). */
const chisel: Cataloger = {
  name: 'chisel',
  version: 1,
  isSystem: true,
  files: [WALL],
  *catalog(view, context) {
    for (const file of view.match(WALL)) {
      const wall = context.once(file, () => tryRead(file.bytes));
      if (typeof wall === 'string') context.problem(file.path, wall);
      else
        for (const fields of wall.packages) {
          const found = toPackage(fields, wall, file.path, context);
          if (found) yield found;
        }
    }
  },
};
export default chisel;

function tryRead(bytes: Uint8Array): Wall | string {
  try {
    return readWall(unzstd(bytes, MAX_WALL).toString('utf8'));
  } catch (error) {
    return `no manifest of chisel: ${(error as Error).message}`;
  }
}

/** jsonwall: a JSON object a line, each of a kind. */
function readWall(text: string): Wall {
  const packages: Fields[] = [];
  const files = new Map<string, string[]>();
  for (const line of lines(text)) {
    const row = parseJson(line);
    if (!isRecord(row)) continue;
    if (row.kind === 'package') packages.push(row);
    if (row.kind !== 'content') continue;
    const [owner] = (stringOf(row.slice) ?? '').split('_', 1);
    const path = stringOf(row.path)?.replace(/^\/+/, '');
    if (!owner || !path || path.endsWith('/')) continue;
    const owned = files.get(owner);
    if (owned) owned.push(path);
    else files.set(owner, [path]);
  }
  return { packages, files };
}

function toPackage(fields: Fields, wall: Wall, path: string, { distro, problem }: CatalogContext): Package | undefined {
  const name = stringOf(fields.name);
  const version = stringOf(fields.version);
  const sum = stringOf(fields.sha256);
  const purl =
    name &&
    version &&
    tryPurl({
      type: 'deb',
      namespace: distro?.id ?? 'ubuntu',
      name,
      version,
      qualifiers: { arch: stringOf(fields.arch), distro: distroQualifier(distro) },
    });
  if (!name || !version || !purl) {
    problem(path, 'a package without name and version');
    return undefined;
  }
  return {
    name,
    version,
    purl,
    ecosystem: 'deb',
    foundBy: 'chisel',
    ...stated({ hashes: sum && /^[0-9a-f]{64}$/.test(sum) ? [{ algorithm: 'SHA-256' as const, value: sum }] : [] }),
    ownsFiles: wall.files.get(name) ?? [],
    confidence: 1,
    evidence: [path],
  };
}
