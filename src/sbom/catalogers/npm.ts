import { compareBytes } from '../byte-order.ts';
import { integrityHashes } from '../integrity.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { HIDDEN_LOCKS, type LinkedModule, type Locked, linkedModules, readHiddenLocks } from '../npm-locks.ts';
import { npmLicense, npmParty, npmRepository } from '../npm-manifest.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

const MAX_MANIFEST = 4 << 20;
const MAX_DEPENDENCIES = 5000;
/** Where Debian keeps modules without a node_modules folder; its node looks there last. */
const DEBIAN = 'usr/share/nodejs';

/**
 * Modules that are installed: a package.json at a module's root, `node_modules/<name>` or `node_modules/@scope/<name>`.
 * Any other package.json is a project's own, a test's, or a marker. npm's hidden lock file adds where a module came
 * from and its hash, but only to modules that are there: it also lists what was removed by other means.
 */
const npm: Cataloger = {
  name: 'npm',
  version: 1,
  files: ['**/node_modules/{*,@*/*}/package.json', `${DEBIAN}/{*,@*/*}/package.json`, ...HIDDEN_LOCKS],
  *catalog(view, context) {
    const modules = new Map<string, Module>();
    for (const file of view.match(...npm.files.slice(0, 2))) {
      const module = readModule(file, context);
      if (module) modules.set(module.folder, module);
    }
    for (const linked of linkedModules(view, context)) {
      const module = modules.has(linked.folder) ? undefined : asModule(linked);
      if (module) modules.set(module.folder, module);
    }
    const locked = readHiddenLocks(view, context);
    for (const module of modules.values()) {
      const edges = context.isBelow ? {} : dependencies(module, modules, view);
      yield { ...toPackage(module, locked(module.folder, module.name, module.version), context), ...edges };
    }
  },
};
export default npm;

interface Module {
  readonly folder: string;
  /** Path of its package.json. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

function readModule(file: KeptFile, context: CatalogContext): Module | undefined {
  const folder = file.path.slice(0, -'/package.json'.length);
  if (!isModuleRoot(folder)) return undefined;
  const manifest = context.once(file, () => (file.bytes.length > MAX_MANIFEST ? undefined : parseJson(file.text())));
  if (!isRecord(manifest)) {
    context.problem(file.path, file.bytes.length > MAX_MANIFEST ? 'too large for a manifest' : 'no JSON object');
    return undefined;
  }
  const name = stringOf(manifest.name);
  const version = stringOf(manifest.version);
  // Without both it is a marker for the loader (`{"type": "module"}`), not a package.
  if (!name || !version) return undefined;
  const purl = npmPurl(name, version);
  if (!purl) {
    context.problem(file.path, `"${name.slice(0, 100)}" is no package name`);
    return undefined;
  }
  return { folder, path: file.path, name, version, purl, manifest };
}

function npmPurl(name: string, version: string): string | undefined {
  const [, scope, base] = /^(?:(@[^/]+)\/)?([^/]+)$/.exec(name) ?? [];
  return base && name.length <= 512
    ? tryPurl({ type: 'npm', namespace: scope ?? null, name: base, version })
    : undefined;
}

function asModule({ folder, name, version, manifest }: LinkedModule): Module | undefined {
  const purl = npmPurl(name, version);
  return purl ? { folder, path: `${folder}/package.json`, name, version, purl, manifest } : undefined;
}

function isModuleRoot(folder: string): boolean {
  const at = folder.lastIndexOf('node_modules/');
  const rest = at < 0 ? folder.slice(DEBIAN.length + 1) : folder.slice(at + 'node_modules/'.length);
  return /^(?:@[^/]+\/)?[^@./][^/]*$/.test(rest);
}

/** What the manifest says besides name and version. */
function stated(manifest: Module['manifest']): Partial<Package> {
  const supplier = npmParty(manifest);
  const homepage = stringOf(manifest.homepage);
  const sourceUrl = npmRepository(manifest.repository);
  const description = stringOf(manifest.description);
  return {
    ...npmLicense(manifest),
    ...(supplier ? { supplier } : {}),
    ...(homepage && /^https?:\/\//.test(homepage) ? { homepage } : {}),
    ...(sourceUrl ? { sourceUrl } : {}),
    ...(description ? { description: description.slice(0, 500) } : {}),
  };
}

function toPackage(module: Module, locked: Locked | undefined, { once }: CatalogContext): Package {
  const { manifest, name, version, purl, path } = module;
  const hashes = integrityHashes(locked?.integrity ?? '');
  return {
    name,
    version,
    purl,
    ecosystem: 'npm',
    foundBy: 'npm',
    ...once({ path: `${path}\0stated`, bytes: manifest }, () => stated(manifest)),
    ...(locked?.resolved && /^https?:\/\//.test(locked.resolved) ? { downloadUrl: locked.resolved } : {}),
    ...(hashes.length > 0 ? { hashes } : {}),
    confidence: 1,
    evidence: [path, ...(locked ? [locked.lock] : [])],
  };
}

/**
 * Purls of what node would load from this module's folder; what is not installed is no edge. They are all that it needs
 * when everything was found that the manifest does not call optional.
 */
function dependencies(
  module: Module,
  modules: ReadonlyMap<string, Module>,
  view: FileView,
): Pick<Package, 'dependsOn' | 'knowsDependencies'> {
  const stated = (field: string) => {
    const names = module.manifest[field];
    return isRecord(names) ? Object.keys(names).slice(0, MAX_DEPENDENCIES) : [];
  };
  const peers = module.manifest.peerDependenciesMeta;
  const isOptionalPeer = (name: string) => {
    const meta = isRecord(peers) ? peers[name] : undefined;
    return isRecord(meta) && meta.optional === true;
  };
  const optional = new Set([...stated('optionalDependencies'), ...stated('peerDependencies').filter(isOptionalPeer)]);
  const wanted = new Set([...stated('dependencies'), ...stated('peerDependencies'), ...optional]);
  const purls = new Set<string>();
  let knowsDependencies = true;
  for (const name of wanted) {
    const purl = resolveModule(name, module.folder, modules, view)?.purl;
    if (purl && purl !== module.purl) purls.add(purl);
    else if (!purl && !optional.has(name)) knowsDependencies = false;
  }
  return { dependsOn: [...purls].sort(compareBytes), knowsDependencies };
}

/** Node's algorithm (LOAD_NODE_MODULES): the folder's own node_modules, then that of each parent; links are followed. */
function resolveModule(
  name: string,
  from: string,
  modules: ReadonlyMap<string, Module>,
  view: FileView,
): Module | undefined {
  if (!/^(?:@[^/]+\/)?[^./][^/]*$/.test(name)) return undefined;
  let folder = from;
  for (;;) {
    if (!/(^|\/)node_modules$/.test(folder)) {
      const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      const found = modules.get(path) ?? modules.get(view.resolve(path) ?? '\0');
      if (found) return found;
    }
    if (folder === '') break;
    folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0));
  }
  const path = `${DEBIAN}/${name}`;
  return modules.get(path) ?? modules.get(view.resolve(path) ?? '\0');
}
