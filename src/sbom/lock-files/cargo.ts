import { parseToml } from '../formats/toml.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, records, texts, type Wanted } from '../lock.ts';
import type { FileView, Scope } from '../package.ts';

const CRATES =
  /^(?:registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index|sparse\+https:\/\/index\.crates\.io\/)$/;

interface Crate extends Locked {
  readonly isOwn: boolean;
}

/** Cargo.lock, versions 1 to 4 (Cargo book, and its encode.rs for how a dependency is named). */
export default lockCataloger({
  name: 'cargo-lock',
  ecosystem: 'cargo',
  files: ['**/Cargo.lock'],
  manifests: ['**/Cargo.toml'],
  read(file, view) {
    const document = parseToml(file.text());
    const entries = records(document.package).concat(isRecord(document.root) ? [document.root] : []);
    const sums = isRecord(document.metadata) ? document.metadata : {};
    const crates = entries.map((entry) => crateOf(entry, sums)).filter((one) => one !== undefined);
    const named = namesOf(crates);
    const folder = file.path.slice(0, -'Cargo.lock'.length);
    const manifests = manifestsBelow(folder, view);
    const wanted: Wanted[] = [];
    const packages: Locked[] = [];
    for (const { isOwn, ...crate } of crates) {
      const needs = (crate.needs ?? []).map((one) => named.get(one)).filter((one) => one !== undefined);
      const manifest = isOwn ? manifests.get(crate.name) : undefined;
      const scopeOf = manifest ? scopesIn(manifest.document) : () => 'production' as const;
      if (isOwn) wanted.push(...needs.map((key) => ({ key, scope: scopeOf(key.split(' ')[0] ?? '') })));
      // The crate beside the lock file is the root of the document.
      if (isOwn && manifest?.path === `${folder}Cargo.toml`) continue;
      if (isOwn) wanted.push({ key: crate.key, scope: 'production' });
      const of = (scope: Scope) => needs.filter((key) => scopeOf(key.split(' ')[0] ?? '') === scope);
      packages.push({ ...crate, ...(isOwn ? { needs: of('production'), mayNeed: of('optional') } : { needs }) });
    }
    return { packages, wanted, hasEdges: true };
  },
});

function crateOf(entry: Readonly<Record<string, unknown>>, sums: Readonly<Record<string, unknown>>): Crate | undefined {
  const name = stringOf(entry.name);
  const version = stringOf(entry.version);
  if (!name || !version) return undefined;
  const source = stringOf(entry.source);
  const sum = stringOf(entry.checksum) ?? stringOf(sums[`checksum ${name} ${version} (${source})`]);
  const git = source?.startsWith('git+') ? source.replace(/[?][^#]*/, '').replace('#', '@') : undefined;
  const registry = source && !git && !CRATES.test(source) ? source.replace(/^\w+\+/, '') : undefined;
  return {
    key: `${name} ${version} (${source ?? ''})`,
    name,
    version,
    purl: { type: 'cargo', name, version, qualifiers: { vcs_url: git, repository_url: registry } },
    hashes: sum && /^[0-9a-f]{64}$/.test(sum) ? [{ algorithm: 'SHA-256', value: sum }] : [],
    ...(source && CRATES.test(source)
      ? { downloadUrl: `https://static.crates.io/crates/${name}/${name}-${version}.crate` }
      : {}),
    needs: texts(entry.dependencies),
    isOwn: source === undefined,
  };
}

/** A dependency is named as briefly as is clear: `name`, `name version`, or with its source. */
function namesOf(crates: readonly Crate[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { key, name, version } of crates) {
    for (const text of [name, `${name} ${version}`, key]) if (!names.has(text)) names.set(text, key);
  }
  return names;
}

interface Manifest {
  readonly path: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The manifests of the workspace by the name of their crate. */
function manifestsBelow(folder: string, view: FileView): Map<string, Manifest> {
  const manifests = new Map<string, Manifest>();
  for (const { path, text } of view.match('**/Cargo.toml')) {
    if (!path.startsWith(folder)) continue;
    try {
      const document = parseToml(text());
      const name = isRecord(document.package) ? stringOf(document.package.name) : undefined;
      if (name && !manifests.has(name)) manifests.set(name, { path, document });
    } catch {
      // A manifest only tells scopes.
    }
  }
  return manifests;
}

/**
 * For development is what only `dev-dependencies` name, for any target; optional what a feature asks for that is not on
 * by default.
 */
function scopesIn(document: Readonly<Record<string, unknown>>): (name: string) => Scope {
  const tables = [document, ...members(document.target).map(([, table]) => (isRecord(table) ? table : {}))];
  const named = (field: string) => tables.flatMap((table) => members(table[field]));
  const crate = ([name, value]: readonly [string, unknown]) =>
    isRecord(value) ? (stringOf(value.package) ?? name) : name;
  const byDefault = defaultFeatures(document.features);
  const isOptional = ([name, value]: readonly [string, unknown]) =>
    isRecord(value) && value.optional === true && !byDefault.has(name);
  const needed = [...named('dependencies'), ...named('build-dependencies')];
  const production = new Set(needed.filter((one) => !isOptional(one)).map(crate));
  const optional = new Set(needed.filter(isOptional).map(crate));
  const development = new Set(named('dev-dependencies').map(crate));
  return (name) =>
    production.has(name)
      ? 'production'
      : optional.has(name)
        ? 'optional'
        : development.has(name)
          ? 'development'
          : 'production';
}

/** What the feature `default` turns on, features and crates alike: `x`, `dep:x`, `x/feature`, but not `x?/feature`. */
function defaultFeatures(features: unknown): Set<string> {
  const table = new Map(members(features));
  const on = new Set(['default']);
  for (const name of on) {
    for (const text of texts(table.get(name))) {
      const [, other] = /^(?:dep:)?([^/?]+)(?:\/.*)?$/.exec(text) ?? [];
      if (other) on.add(other);
    }
  }
  return on;
}
