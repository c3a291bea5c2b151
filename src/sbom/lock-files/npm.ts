import { integrityHashes } from '../integrity.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { beside, type Lock, type Locked, lockCataloger, members, type Wanted, webAddress } from '../lock.ts';
import { npmLicense } from '../npm-manifest.ts';
import { askedBy, npmPurl, vcsQualifier } from '../npm-names.ts';
import type { KeptFile, Scope } from '../package.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A module inside a module inside …: npm never nests that deep, and each level makes every path longer. */
const MAX_DEPTH = 100;

/** npm's docs, package-lock.json: versions 2 and 3 list folders in `packages`, version 1 nests `dependencies`. */
export default lockCataloger({
  name: 'package-lock',
  ecosystem: 'npm',
  files: ['**/package-lock.json', '**/npm-shrinkwrap.json'],
  manifests: ['**/package.json'],
  read(file, view) {
    // Where both are there, npm reads the one that is published.
    if (file.path.endsWith('package-lock.json') && view.has(beside(file, 'npm-shrinkwrap.json'))) return undefined;
    const lock = parseJson(file.text());
    if (!isRecord(lock)) throw new Error('no JSON object');
    const manifest = view.get(beside(file, 'package.json'));
    if (isRecord(lock.packages)) return readFolders(lock.packages);
    if (isRecord(lock.dependencies)) return readNested(lock.dependencies, manifest);
    if (lock.lockfileVersion === undefined) throw new Error('no lock file of npm');
    return { packages: [] };
  },
});

function readFolders(folders: Fields): Lock {
  const all = new Map(members(folders).filter((one): one is [string, Fields] => isRecord(one[1])));
  /** Node's way: the folder's own node_modules, then that of each parent. A link leads to the folder of a workspace. */
  const resolve = (from: string, name: string): string | undefined => {
    for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
      const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      const entry = all.get(path);
      if (entry) return entry.link ? (stringOf(entry.resolved) ?? path) : path;
      if (at === '') return undefined;
    }
  };
  const packages: Locked[] = [];
  const wanted: Wanted[] = [];
  for (const [path, entry] of all) {
    const isOwn = !path.includes('node_modules/');
    if (isOwn) wanted.push(...wantedOf(path, entry, resolve));
    if (path === '' || entry.link || entry.extraneous) continue;
    const one = lockedOf(path, entry, resolve);
    if (!one) continue;
    packages.push(one);
    // A member of the workspace is a part of the project.
    if (isOwn) wanted.push({ key: path, scope: 'production' });
  }
  return { packages, wanted, hasEdges: true };
}

function wantedOf(path: string, entry: Fields, resolve: (from: string, name: string) => string | undefined): Wanted[] {
  return askedBy(entry).flatMap(({ name, scope }) => {
    const key = resolve(path, name);
    return key === undefined ? [] : [{ key, scope }];
  });
}

function lockedOf(
  path: string,
  entry: Fields,
  resolve: (from: string, name: string) => string | undefined,
): Locked | undefined {
  const at = path.lastIndexOf('node_modules/');
  // The folder of an alias has another name than what is in it.
  const name = stringOf(entry.name) ?? (at < 0 ? undefined : path.slice(at + 'node_modules/'.length));
  const version = stringOf(entry.version);
  if (!name || !version) return undefined;
  const resolved = stringOf(entry.resolved);
  const asked = askedBy(entry).filter(({ scope }) => scope !== 'development');
  const keys = (scope: Scope) =>
    asked
      .filter((one) => one.scope === scope)
      .map((one) => resolve(path, one.name))
      .filter((key) => key !== undefined);
  return {
    key: path,
    name,
    version,
    purl: npmPurl(name, version, vcsQualifier(resolved)),
    hashes: integrityHashes(stringOf(entry.integrity) ?? ''),
    ...(webAddress(resolved) ? { downloadUrl: resolved as string } : {}),
    ...npmLicense(entry),
    scope: scopeOf(entry),
    needs: keys('production'),
    mayNeed: keys('optional'),
  };
}

/** npm has worked it out already; `devOptional`: for development, and optional in production. */
function scopeOf({ dev, optional, devOptional }: Fields): Scope {
  return dev === true ? 'development' : optional === true || devOptional === true ? 'optional' : 'production';
}

/** Version 1, laid out as folders. What the project itself asks for stands in its package.json alone. */
function readNested(dependencies: Fields, manifest: KeptFile | undefined): Lock {
  const folders: Record<string, unknown> = { '': manifest ? (parseJson(manifest.text()) ?? {}) : {} };
  const queue: { base: string; depth: number; tree: Fields }[] = [{ base: '', depth: 0, tree: dependencies }];
  for (const { base, depth, tree } of queue) {
    if (depth > MAX_DEPTH) throw new Error(`modules inside modules, ${MAX_DEPTH} levels of them`);
    for (const [name, entry] of members(tree)) {
      if (!isRecord(entry)) continue;
      const path = `${base}node_modules/${name}`;
      folders[path] = folderOf(entry);
      if (isRecord(entry.dependencies)) queue.push({ base: `${path}/`, depth: depth + 1, tree: entry.dependencies });
    }
  }
  const lock = readFolders(folders);
  return manifest ? lock : { packages: lock.packages, hasEdges: true };
}

/** `version` may be an alias (`npm:name@1.0.0`), or where it comes from. */
function folderOf(entry: Fields): Fields {
  const { version, resolved, integrity, dev, optional, requires } = entry;
  const text = stringOf(version) ?? '';
  const alias = /^npm:(.+)@([^@]+)$/.exec(text);
  const isAddress = /^[a-z+]+:/.test(text);
  return {
    ...(alias ? { name: alias[1] } : {}),
    version: alias ? alias[2] : isAddress ? text.split('#')[1] : text,
    resolved: isAddress && !alias ? text : resolved,
    integrity,
    dev,
    optional,
    dependencies: requires,
  };
}
