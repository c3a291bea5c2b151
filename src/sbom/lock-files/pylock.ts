import { parseToml } from '../formats/toml.ts';
import { isRecord, stringOf } from '../json.ts';
import { ByName, type Locked, lockCataloger, records, webAddress } from '../lock.ts';
import type { Hash } from '../package.ts';
import { chosenArchive, prefixedHash, pypiPurl, tableOf } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';

/** pylock.toml and pylock.NAME.toml (PEP 751). */
export default lockCataloger({
  name: 'pylock',
  ecosystem: 'pypi',
  files: ['**/pylock.toml', '**/pylock.*.toml'],
  read(file) {
    const document = parseToml(file.text());
    if (document['lock-version'] === undefined) throw new Error('no lock-version');
    // A folder of the project has no version.
    const entries = records(document.packages).filter((one) => stringOf(one.name) && stringOf(one.version));
    const keyed = entries.map((one) => ({
      key: `${normalizeName(String(one.name))}@${one.version}`,
      name: normalizeName(String(one.name)),
      one,
    }));
    const names = new ByName(keyed);
    const hasEdges = entries.some((one) => one.dependencies !== undefined);
    return { packages: keyed.map(({ key, one }) => lockedOf(key, one, names)), hasEdges };
  },
});

function lockedOf(key: string, entry: Readonly<Record<string, unknown>>, names: ByName): Locked {
  const name = String(entry.name);
  const version = String(entry.version);
  const sources = [entry.sdist, entry.archive].filter(isRecord);
  const archive = chosenArchive(sources, records(entry.wheels));
  const vcs = tableOf(entry.vcs);
  const url = stringOf(archive?.url);
  return {
    key,
    name,
    version,
    purl: pypiPurl(name, version, vcs.url ? { vcs_url: `${vcs.type}+${vcs.url}@${vcs['commit-id']}` } : {}),
    hashes: Object.entries(tableOf(archive?.hashes)).flatMap(([algorithm, value]): Hash[] =>
      prefixedHash(`${algorithm}:${value}`),
    ),
    ...(webAddress(url) ? { downloadUrl: url as string } : {}),
    needs: records(entry.dependencies).flatMap((one) => {
      const version = stringOf(one.version);
      const name = normalizeName(String(one.name));
      return version ? [`${name}@${version}`] : names.keys(name);
    }),
  };
}
