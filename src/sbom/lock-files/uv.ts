import { parseToml } from '../formats/toml.ts';
import { isRecord, stringOf } from '../json.ts';
import { ByName, type Locked, lockCataloger, members, records, type Wanted, webAddress } from '../lock.ts';
import type { Scope } from '../package.ts';
import { chosenArchive, prefixedHash, pypiPurl, tableOf } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';

type Fields = Readonly<Record<string, unknown>>;

/** uv.lock. The project and the members of its workspace are in it, with sources that are folders. */
export default lockCataloger({
  name: 'uv-lock',
  ecosystem: 'pypi',
  files: ['**/uv.lock'],
  read(file) {
    const entries = records(parseToml(file.text()).package).filter((one) => stringOf(one.name));
    const names = new ByName(entries.map((one) => ({ key: keyOf(one), name: normalizeName(String(one.name)) })));
    const keysOf = (list: unknown): string[] =>
      records(list).flatMap((one) => {
        const name = normalizeName(String(one.name));
        const version = stringOf(one.version);
        return version ? [`${name}@${version}`] : names.keys(name);
      });
    const packages: Locked[] = [];
    const wanted: Wanted[] = [];
    for (const entry of entries) {
      const source = tableOf(entry.source);
      const folder = stringOf(source.virtual) ?? stringOf(source.editable) ?? stringOf(source.directory);
      if (folder === undefined) packages.push(lockedOf(entry, source, keysOf));
      else wanted.push(...wantedBy(entry, keysOf));
    }
    return { packages, wanted, hasEdges: true };
  },
});

function keyOf(entry: Fields): string {
  return `${normalizeName(String(entry.name))}@${stringOf(entry.version) ?? ''}`;
}

function wantedBy(entry: Fields, keysOf: (list: unknown) => string[]): Wanted[] {
  const of = (list: unknown, scope: Scope) => keysOf(list).map((key) => ({ key, scope }));
  return [
    ...of(entry.dependencies, 'production'),
    ...members(entry['optional-dependencies']).flatMap(([, list]) => of(list, 'optional')),
    ...members(entry['dev-dependencies']).flatMap(([, list]) => of(list, 'development')),
  ];
}

function lockedOf(entry: Fields, source: Fields, keysOf: (list: unknown) => string[]): Locked {
  const name = String(entry.name);
  const version = stringOf(entry.version) ?? '';
  const archive = chosenArchive(isRecord(entry.sdist) ? [entry.sdist] : [], records(entry.wheels));
  const git = stringOf(source.git);
  const url = stringOf(archive?.url) ?? stringOf(source.url);
  return {
    key: keyOf(entry),
    name,
    version,
    purl: pypiPurl(name, version, git ? { vcs_url: `git+${git.replace(/\?[^#]*/, '').replace('#', '@')}` } : {}),
    hashes: prefixedHash(archive?.hash),
    ...(webAddress(url) ? { downloadUrl: url as string } : {}),
    // What an extra adds is needed where somebody asks for the extra; the one who asks lists it, too.
    needs: [
      ...keysOf(entry.dependencies),
      ...members(entry['optional-dependencies']).flatMap(([, list]) => keysOf(list)),
    ],
  };
}
