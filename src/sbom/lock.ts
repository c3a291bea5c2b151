import { isRecord } from './json.ts';
import type { CatalogContext, Cataloger, Ecosystem, FileView, KeptFile, Package, Scope } from './package.ts';
import { type PurlParts, tryPurl } from './purl.ts';
import { stated } from './stated.ts';

/** A package as a lock file pins it. */
export interface Locked
  extends Pick<Package, 'name' | 'version'>,
    Partial<
      Pick<
        Package,
        'declaredLicense' | 'concludedLicense' | 'supplier' | 'homepage' | 'sourceUrl' | 'downloadUrl' | 'description'
      >
    >,
    Partial<Pick<Package, 'hashes' | 'scope' | 'isDirect'>> {
  /** What others in the same file call it. */
  readonly key: string;
  readonly purl: PurlParts;
  /** Keys of what it does not work without; what is not in the file falls away. */
  readonly needs?: readonly string[];
  /** Keys of what it does without where that cannot be installed. */
  readonly mayNeed?: readonly string[];
}

/** What the project itself asks for. */
export interface Wanted {
  readonly key: string;
  readonly scope: Scope;
}

/** A lock file that was understood. */
export interface Lock {
  readonly packages: readonly Locked[];
  /** What the project asks for, where that is known: tells what is direct and, of what states no scope, the scope. */
  readonly wanted?: readonly Wanted[];
  /** Whether `needs` are all that a package needs. */
  readonly hasEdges?: boolean;
  /** 0…1, default 1. */
  readonly confidence?: number;
}

/** How one kind of lock file is read. One format, one file in `src/sbom/lock-files/`. */
export interface LockFormat {
  readonly name: string;
  readonly ecosystem: Ecosystem;
  /** Globs of the lock files. */
  readonly files: readonly string[];
  /** Globs of what says more about them: manifests. */
  readonly manifests?: readonly string[];
  /** What it throws is told as a problem of the file. Undefined: this is none after all. */
  read(file: KeptFile, view: FileView, context: CatalogContext): Lock | undefined;
}

const MAX_BYTES = 64 << 20;
const MAX_TEXT = 1000;

/** The cataloger of a format. */
export function lockCataloger(format: LockFormat): Cataloger {
  return {
    name: format.name,
    version: 1,
    files: [...format.files, ...(format.manifests ?? [])],
    *catalog(view, context) {
      for (const file of view.match(...format.files)) {
        try {
          if (file.bytes.length > MAX_BYTES) throw new Error('too large for a lock file');
          const lock = format.read(file, view, context);
          if (lock) yield* packagesOf(lock, format, file, context);
        } catch (error) {
          // Parsers say where they stopped, some of them over many lines.
          const [message = ''] = String((error as Error).message).split('\n', 1);
          context.problem(file.path, `not understood: ${message.slice(0, MAX_TEXT)}`);
        }
      }
    },
  };
}

function* packagesOf(lock: Lock, format: LockFormat, file: KeptFile, context: CatalogContext): Iterable<Package> {
  const purls = new Map<string, string>();
  for (const { key, name, purl } of lock.packages) {
    const text = tryPurl(purl);
    if (text && purl.version) purls.set(key, text);
    else context.problem(file.path, `no identity in the record of "${name.slice(0, 100)}"`);
  }
  const scopes = scopesOf(lock);
  const direct = lock.wanted && new Set(lock.wanted.map(({ key }) => key));
  for (const { key, purl, needs = [], mayNeed = [], isDirect, scope, ...one } of lock.packages) {
    const text = purls.get(key);
    if (!text) continue;
    const known = scope ?? scopes.get(key);
    const named = isDirect ?? direct?.has(key);
    yield {
      ...stated(one as Pick<Locked, 'name'>),
      name: one.name,
      version: one.version,
      purl: text,
      ecosystem: format.ecosystem,
      foundBy: format.name,
      ...(known ? { scope: known } : {}),
      ...(named === undefined ? {} : { isDirect: named }),
      dependsOn: [...needs, ...mayNeed].map((other) => purls.get(other)).filter((other) => other !== undefined),
      knowsDependencies: lock.hasEdges ?? false,
      confidence: lock.confidence ?? 1,
      evidence: [file.path],
    };
  }
}

/** What is reached by production alone is needed in production; what only optional ways lead to is optional; then the rest. */
function scopesOf({ packages, wanted = [] }: Lock): Map<string, Scope> {
  const scopes = new Map<string, Scope>();
  const byKey = new Map(packages.map((one) => [one.key, one]));
  const reach = (start: readonly string[], scope: Scope, withOptional: boolean) => {
    const seen = new Set<string>(start);
    for (const key of seen) {
      const one = byKey.get(key);
      if (!one) continue;
      if (!scopes.has(key)) scopes.set(key, scope);
      for (const next of one.needs ?? []) seen.add(next);
      if (withOptional) for (const next of one.mayNeed ?? []) seen.add(next);
    }
  };
  const keys = (...of: Scope[]) => wanted.filter(({ scope }) => of.includes(scope)).map(({ key }) => key);
  reach(keys('production'), 'production', false);
  reach(keys('production', 'optional'), 'optional', true);
  reach(keys('development'), 'development', true);
  return scopes;
}

/** A file beside another one. */
export function beside(file: KeptFile, name: string): string {
  return file.path.slice(0, file.path.lastIndexOf('/') + 1) + name;
}

/** Members of an object, or none when it is none. */
export function members(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : [];
}

/** An address that a document can carry. */
export function webAddress(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\/[^\s@]+$/.test(value) ? value : undefined;
}

/** Packages by name: pip and others pin one version of a name, or several for different systems. */
export class ByName {
  readonly #keys = new Map<string, string[]>();

  constructor(packages: Iterable<{ readonly key: string; readonly name: string }>) {
    for (const { key, name } of packages) {
      const keys = this.#keys.get(name);
      if (keys) keys.push(key);
      else this.#keys.set(name, [key]);
    }
  }

  keys(name: string): readonly string[] {
    return this.#keys.get(name) ?? [];
  }
}
