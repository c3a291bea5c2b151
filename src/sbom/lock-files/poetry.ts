import { parseToml } from '../formats/toml.ts';
import { stringOf } from '../json.ts';
import { ByName, type Locked, lockCataloger, members, records, texts } from '../lock.ts';
import type { Scope } from '../package.ts';
import { hashesOfFiles, pypiPurl, tableOf } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';
import { requiredByProject } from '../python-project.ts';

type Fields = Readonly<Record<string, unknown>>;

/** poetry.lock: the groups of a package stand in it from poetry 2 on, `category` up to 1.4. */
export default lockCataloger({
  name: 'poetry-lock',
  ecosystem: 'pypi',
  files: ['**/poetry.lock'],
  manifests: ['**/pyproject.toml'],
  read(file, view) {
    const document = parseToml(file.text());
    const entries = records(document.package).filter((one) => stringOf(one.name) && stringOf(one.version));
    const names = new ByName(entries.map((one) => ({ key: keyOf(one), name: normalizeName(String(one.name)) })));
    const oldFiles = tableOf(document, 'metadata', 'files');
    const required = requiredByProject(file, view);
    return {
      packages: entries.map((one) => lockedOf(one, names, oldFiles)),
      ...(required
        ? { wanted: [...required].flatMap(([name, scope]) => names.keys(name).map((key) => ({ key, scope }))) }
        : {}),
      hasEdges: true,
    };
  },
});

function keyOf(entry: Fields): string {
  return `${normalizeName(String(entry.name))}@${entry.version}`;
}

function lockedOf(entry: Fields, names: ByName, oldFiles: Fields): Locked {
  const name = String(entry.name);
  const version = String(entry.version);
  const source = tableOf(entry.source);
  const git = source.type === 'git' ? `git+${source.url}@${source.resolved_reference ?? source.reference}` : undefined;
  const scope = scopeOf(entry);
  const needs: string[] = [];
  const mayNeed: string[] = [];
  for (const [other, value] of members(entry.dependencies)) {
    (isOptional(value) ? mayNeed : needs).push(...names.keys(normalizeName(other)));
  }
  return {
    key: keyOf(entry),
    name,
    version,
    purl: pypiPurl(name, version, git ? { vcs_url: git } : {}),
    hashes: hashesOfFiles(entry.files ?? oldFiles[name]),
    ...(stringOf(entry.description) ? { description: String(entry.description).slice(0, 500) } : {}),
    ...(scope ? { scope } : {}),
    needs,
    mayNeed,
  };
}

function isOptional(value: unknown): boolean {
  const ways = Array.isArray(value) ? value : [value];
  return ways.every((one) => tableOf(one).optional === true);
}

function scopeOf({ groups, category, optional }: Fields): Scope | undefined {
  const named = groups === undefined ? texts([category]) : texts(groups);
  if (named.length === 0) return optional === true ? 'optional' : undefined;
  if (!named.includes('main')) return 'development';
  return optional === true ? 'optional' : 'production';
}
