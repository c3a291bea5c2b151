import { parseYaml } from '../formats/yaml.ts';
import { parseYarnLock, type YarnEntry } from '../formats/yarn-lock.ts';
import { integrityHashes } from '../integrity.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { beside, type Lock, type Locked, lockCataloger, members, type Wanted, webAddress } from '../lock.ts';
import { askedBy, npmPurl, vcsQualifier } from '../npm-names.ts';
import type { FileView, KeptFile } from '../package.ts';

/** yarn.lock: version 1 has a syntax of its own, Berry's (2 and later) is YAML. */
export default lockCataloger({
  name: 'yarn-lock',
  ecosystem: 'npm',
  files: ['**/yarn.lock'],
  manifests: ['**/package.json'],
  read(file, view) {
    const text = file.text();
    return /^__metadata:/m.test(text) ? readBerry(file, view) : readClassic(file, text, view);
  },
});

type Find = (name: string, range: string) => string | undefined;

/** What the package.json beside the lock file and those of the workspace ask for. */
function wantedIn(file: KeptFile, view: FileView, folders: readonly string[], find: Find): Wanted[] | undefined {
  const manifests = folders.map((folder) => view.get(beside(file, join(folder, 'package.json'))));
  if (!manifests[0]) return undefined;
  return manifests.flatMap((manifest) =>
    askedBy(manifest ? parseJson(manifest.text()) : undefined).flatMap(({ name, range, scope }) => {
      const key = find(name, range);
      return key === undefined ? [] : [{ key, scope }];
    }),
  );
}

function join(folder: string, name: string): string {
  return folder === '' || folder === '.' ? name : `${folder}/${name}`;
}

function readClassic(file: KeptFile, text: string, view: FileView): Lock {
  const entries = parseYarnLock(text);
  const byDescriptor = new Map<string, string>();
  for (const { descriptors } of entries) for (const one of descriptors) byDescriptor.set(one, descriptors[0] as string);
  const find: Find = (name, range) => byDescriptor.get(`${name}@${range}`);
  const packages = entries.map((entry) => classicPackage(entry, find)).filter((one) => one !== undefined);
  const wanted = wantedIn(file, view, ['', ...workspaceFolders(file, view)], find);
  return { packages, ...(wanted ? { wanted } : {}), hasEdges: true };
}

function classicPackage({ descriptors, fields, dependencies, optional }: YarnEntry, find: Find): Locked | undefined {
  const key = descriptors[0] as string;
  const at = key.indexOf('@', 1);
  const alias = /^npm:(@?[^@]+)(?:@|$)/.exec(key.slice(at + 1))?.[1];
  const name = alias ?? key.slice(0, at);
  const version = fields.get('version');
  if (at < 1 || !version) return undefined;
  const resolved = fields.get('resolved');
  const [url = '', sha1 = ''] = (resolved ?? '').split('#');
  const hashes = integrityHashes(fields.get('integrity') ?? '');
  const keys = (list: readonly (readonly [string, string])[]) =>
    list.map(([name, range]) => find(name, range)).filter((one) => one !== undefined);
  return {
    key,
    name,
    version,
    purl: npmPurl(name, version, vcsQualifier(resolved)),
    hashes:
      hashes.length === 0 && /^[0-9a-f]{40}$/.test(sha1) && !url.endsWith('.git')
        ? [{ algorithm: 'SHA-1', value: sha1 }]
        : hashes,
    ...(webAddress(url) ? { downloadUrl: url } : {}),
    needs: keys(dependencies),
    mayNeed: keys(optional),
  };
}

/** `workspaces` of the package.json: folders, with `*` for a name; what else a glob can say is not followed. */
function workspaceFolders(file: KeptFile, view: FileView): string[] {
  const manifest = view.get(beside(file, 'package.json'));
  const document = manifest ? parseJson(manifest.text()) : undefined;
  const stated = isRecord(document) ? document.workspaces : undefined;
  const patterns = isRecord(stated) ? stated.packages : stated;
  if (!Array.isArray(patterns)) return [];
  const base = beside(file, '');
  const safe = patterns
    .slice(0, 100)
    .filter(
      (one): one is string => typeof one === 'string' && /^(?:\.\/)?[\w@.-]+(?:\/(?:[\w@.-]+|\*{1,2}))*\/?$/.test(one),
    );
  const globs = safe.map((one) => `**/${one.replace(/^\.\//, '').replace(/\/$/, '')}/package.json`);
  return [...view.match(...globs)]
    .filter(({ path }) => path.startsWith(base))
    .map(({ path }) => path.slice(base.length, -'/package.json'.length));
}

function readBerry(file: KeptFile, view: FileView): Lock {
  const document = parseYaml(file.text());
  if (!isRecord(document)) throw new Error('no mapping');
  const byDescriptor = new Map<string, string>();
  const entries = members(document).filter(
    (one): one is [string, Record<string, unknown>] => one[0] !== '__metadata' && isRecord(one[1]),
  );
  for (const [key] of entries) for (const one of key.split(/,\s*/)) byDescriptor.set(one, key);
  const find: Find = (name, range) =>
    byDescriptor.get(`${name}@${range}`) ??
    byDescriptor.get(`${name}@npm:${range}`) ??
    byDescriptor.get(`${name}@workspace:${range}`);
  const packages: Locked[] = [];
  const folders: string[] = [''];
  const own: Wanted[] = [];
  for (const [key, entry] of entries) {
    const workspace = /@workspace:(.*)$/.exec(stringOf(entry.resolution) ?? '')?.[1];
    if (workspace === '.') continue;
    const one = berryPackage(key, entry, find);
    if (one) packages.push(one);
    if (workspace === undefined) continue;
    folders.push(workspace);
    own.push({ key, scope: 'production' });
  }
  const wanted = wantedIn(file, view, folders, find);
  return { packages, ...(wanted ? { wanted: [...wanted, ...own] } : {}), hasEdges: true };
}

/** `resolution` is `name@npm:1.0.0`, `name@workspace:folder`, `name@patch:…`, `name@https://….git#commit=…`. */
function berryPackage(key: string, entry: Readonly<Record<string, unknown>>, find: Find): Locked | undefined {
  const resolution = stringOf(entry.resolution) ?? '';
  const at = resolution.indexOf('@', 1);
  const version = stringOf(entry.version);
  const name = resolution.slice(0, at);
  // Only a member of the workspace has none of its own; yarn writes this for it.
  if (at < 1 || !version || version === '0.0.0-use.local') return undefined;
  const source = resolution.slice(at + 1);
  const git = /^(https:.*\.git|git@.*|ssh:.*)#commit=(\w+)/.exec(source);
  const optional = new Set(
    members(entry.dependenciesMeta)
      .filter(([, meta]) => isRecord(meta) && meta.optional === 'true')
      .map(([name]) => name),
  );
  const keys = (isOptional: boolean) =>
    members(entry.dependencies)
      .filter(([name]) => optional.has(name) === isOptional)
      .map(([name, range]) => find(name, String(range)))
      .filter((one) => one !== undefined);
  return {
    key,
    name,
    version,
    // `checksum` is of the archive that yarn packs anew, so it is no hash of what was published.
    purl: npmPurl(name, version, git ? { vcs_url: `git+${git[1]}@${git[2]}` } : {}),
    needs: keys(false),
    mayNeed: keys(true),
  };
}
