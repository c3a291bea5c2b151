import { parseToml } from '../formats/toml.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { beside, type Locked, lockCataloger, members, texts, type Wanted } from '../lock.ts';
import type { FileView, KeptFile, Scope } from '../package.ts';
import { prefixedHash, pypiPurl } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';

/** Pipfile.lock. Which of them the project names stands in the Pipfile alone. */
export default lockCataloger({
  name: 'pipfile-lock',
  ecosystem: 'pypi',
  files: ['**/Pipfile.lock'],
  manifests: ['**/Pipfile'],
  read(file, view) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const packages = members(document)
      .filter(([group]) => group !== '_meta')
      .flatMap(([group, table]) =>
        members(table).map(([name, entry]) =>
          lockedOf(name, entry, group === 'default' ? 'production' : 'development'),
        ),
      );
    const wanted = wantedIn(file, view);
    return { packages: packages.filter((one) => one !== undefined), ...(wanted ? { wanted } : {}) };
  },
});

function lockedOf(name: string, entry: unknown, scope: Scope): Locked | undefined {
  if (!isRecord(entry)) return undefined;
  const git = stringOf(entry.git);
  const version = stringOf(entry.version)?.replace(/^={2,3}/, '') ?? (git ? stringOf(entry.ref) : undefined);
  if (!version) return undefined;
  const hashes = texts(entry.hashes);
  return {
    key: `${normalizeName(name)} ${scope}`,
    name,
    version,
    purl: pypiPurl(name, version, git ? { vcs_url: `git+${git}@${stringOf(entry.ref) ?? ''}` } : {}),
    hashes: hashes.length === 1 ? prefixedHash(hashes[0]) : [],
    scope,
  };
}

function wantedIn(file: KeptFile, view: FileView): Wanted[] | undefined {
  const manifest = view.get(beside(file, 'Pipfile'));
  if (!manifest) return undefined;
  try {
    const document = parseToml(manifest.text());
    const of = (table: string, scope: Scope) =>
      members(document[table]).map(([name]) => ({ key: `${normalizeName(name)} ${scope}`, scope }));
    return [...of('packages', 'production'), ...of('dev-packages', 'development')];
  } catch {
    return undefined;
  }
}
