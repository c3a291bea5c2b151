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

/** Entries by module folder (npm's docs, "Hidden Lockfiles"). */
function readNpm(file: KeptFile, context: CatalogContext, locked: Map<string, Locked>): void {
  const lock = context.once(file, () => (file.bytes.length > MAX_LOCK ? undefined : parseJson(file.text())));
  if (!isRecord(lock) || !isRecord(lock.packages)) {
    context.problem(file.path, 'no lock file of npm 7 or later');
    return;
  }
  const root = file.path.slice(0, -'node_modules/.package-lock.json'.length);
  for (const [key, entry] of Object.entries(lock.packages)) {
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
