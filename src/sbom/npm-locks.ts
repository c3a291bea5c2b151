import { isRecord, parseJson, stringOf } from './json.ts';
import type { CatalogContext, FileView, KeptFile } from './package.ts';

const MAX_LOCK = 64 << 20;

/** Files that npm and pnpm leave beside the modules that they installed. */
export const HIDDEN_LOCKS = ['**/node_modules/.package-lock.json', '**/node_modules/.pnpm/lock.yaml'] as const;

/** What a lock file says of a module. */
export interface Locked {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  /** Path of the lock file. */
  readonly lock: string;
}

/** Finds what the hidden lock files of a tree say of the module in `folder`, if they say it of this version. */
export function readHiddenLocks(
  view: FileView,
  context: CatalogContext,
): (folder: string, name: string, version: string) => Locked | undefined {
  const byFolder = new Map<string, Locked>();
  const stores = new Map<string, ReadonlyMap<string, Locked>>();
  for (const file of view.match(HIDDEN_LOCKS[0])) readNpm(file, context, byFolder);
  for (const file of view.match(HIDDEN_LOCKS[1])) {
    stores.set(
      file.path.slice(0, -'lock.yaml'.length),
      context.once(file, () => readPnpm(file)),
    );
  }
  return (folder, name, version) => {
    const own = byFolder.get(folder);
    if (own?.version === version) return own;
    const at = folder.indexOf('/.pnpm/');
    return at < 0 ? undefined : stores.get(folder.slice(0, at + '/.pnpm/'.length))?.get(`${name}@${version}`);
  };
}

/** A member of a workspace, or another folder, that `node_modules` has a link to. */
export interface LinkedModule {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** What the lock file copies of its package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly lock: KeptFile;
}

/** Modules that npm linked and that are there: their package.json is outside of any `node_modules`. */
export function* linkedModules(view: FileView, context: CatalogContext): Iterable<LinkedModule> {
  for (const lock of view.match(HIDDEN_LOCKS[0])) {
    const { root, packages } = npmEntries(lock, context) ?? { root: '', packages: {} };
    for (const [key, link] of Object.entries(packages)) {
      if (!isRecord(link) || link.link !== true) continue;
      const target = stringOf(link.resolved) ?? '';
      const manifest = packages[target];
      const version = isRecord(manifest) ? stringOf(manifest.version) : undefined;
      const folder = root + target;
      if (!isRecord(manifest) || !version || view.resolve(root + key) !== folder) continue;
      const name = stringOf(manifest.name) ?? key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
      if (view.has(`${folder}/package.json`)) yield { folder, name, version, manifest, lock };
    }
  }
}

function npmEntries(file: KeptFile, context: CatalogContext) {
  const lock = context.once(file, () => (file.bytes.length > MAX_LOCK ? undefined : parseJson(file.text())));
  if (!isRecord(lock) || !isRecord(lock.packages)) return undefined;
  return { root: file.path.slice(0, -'node_modules/.package-lock.json'.length), packages: lock.packages };
}

/** Entries by module folder (npm's docs, "Hidden Lockfiles"). */
function readNpm(file: KeptFile, context: CatalogContext, locked: Map<string, Locked>): void {
  const entries = npmEntries(file, context);
  if (!entries) {
    context.problem(file.path, 'no lock file of npm 7 or later');
    return;
  }
  const { root, packages } = entries;
  for (const [key, entry] of Object.entries(packages)) {
    if (!isRecord(entry)) continue;
    const resolved = stringOf(entry.resolved);
    const integrity = stringOf(entry.integrity);
    locked.set(root + key, {
      version: stringOf(entry.version) ?? '',
      lock: file.path,
      ...(resolved ? { resolved } : {}),
      ...(integrity ? { integrity } : {}),
    });
  }
}

/**
 * By `name@version`. pnpm writes YAML of one form: below `packages:` a key for each package, indented by two, and its
 * resolution in a flow mapping or in lines of its own. Keys: `/a/1.0.0`, `/a@1.0.0`, `a@1.0.0`, with peers behind `_` or in
 * parentheses.
 */
function readPnpm(file: KeptFile): ReadonlyMap<string, Locked> {
  const found = new Map<string, Locked>();
  if (file.bytes.length > MAX_LOCK) return found;
  let key: string | undefined;
  let isPackages = false;
  for (const line of file.text().split('\n')) {
    if (/^\S/.test(line)) isPackages = line.startsWith('packages:');
    if (!isPackages) continue;
    const [, stated] = /^ {2}(\S.*):\s*$/.exec(line) ?? [];
    if (stated) key = moduleKey(stated);
    const [, integrity] = /^ {4,6}(?:resolution: \{)?(?:[^{}]{0,200}, )?integrity: ([\w+/=-]+)/.exec(line) ?? [];
    if (key && integrity) {
      found.set(key, { version: key.slice(key.lastIndexOf('@') + 1), integrity, lock: file.path });
    }
  }
  return found;
}

function moduleKey(text: string): string | undefined {
  const plain = text
    .replace(/^['"]|['"]$/g, '')
    .replace(/^\//, '')
    .replace(/\(.*$/, '');
  const [, name, version] = /^((?:@[^/@]+\/)?[^/@]+)[/@](\d[^_]*)/.exec(plain) ?? [];
  return name && version ? `${name}@${version}` : undefined;
}
