import { parseYaml } from '../formats/yaml.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members } from '../lock.ts';
import { prefixedHash, tableOf } from '../pypi-names.ts';

/** pubspec.lock. It tells what is direct and what for; of the transitive ones it does not tell who needs them. */
export default lockCataloger({
  name: 'pub-lock',
  ecosystem: 'pub',
  files: ['**/pubspec.lock'],
  read(file) {
    const document = parseYaml(file.text());
    if (!isRecord(document)) throw new Error('no mapping');
    const packages = members(document.packages).map(([name, entry]) =>
      isRecord(entry) ? lockedOf(name, entry) : undefined,
    );
    return { packages: packages.filter((one) => one !== undefined) };
  },
});

function lockedOf(name: string, entry: Readonly<Record<string, unknown>>): Locked | undefined {
  const version = stringOf(entry.version);
  // Folders of the project, and what comes with the SDK.
  if (!version || entry.source === 'path' || entry.source === 'sdk') return undefined;
  const description = tableOf(entry.description);
  const url = stringOf(description.url);
  const git = entry.source === 'git' ? `git+${url}@${stringOf(description['resolved-ref']) ?? ''}` : undefined;
  const isOfficial = !url || /^https:\/\/pub\.(dev|dartlang\.org)\/?$/.test(url);
  const dependency = stringOf(entry.dependency) ?? '';
  return {
    key: name,
    name,
    version,
    purl: {
      type: 'pub',
      name,
      version,
      qualifiers: { vcs_url: git, repository_url: git || isOfficial ? undefined : url },
    },
    hashes: prefixedHash(`sha256:${stringOf(description.sha256) ?? ''}`),
    isDirect: dependency.startsWith('direct'),
    ...(dependency === 'direct dev'
      ? { scope: 'development' }
      : dependency.startsWith('direct')
        ? { scope: 'production' }
        : {}),
  };
}
