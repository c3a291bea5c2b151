import { integrityHashes } from '../integrity.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members } from '../lock.ts';

/** NuGet's packages.lock.json: for each framework the packages with what they need; `Project` is a part of the solution. */
export default lockCataloger({
  name: 'nuget-lock',
  ecosystem: 'nuget',
  files: ['**/packages.lock.json', '**/packages.*.lock.json'],
  read(file) {
    const document = parseJson(file.text());
    if (!isRecord(document) || !isRecord(document.dependencies)) throw new Error('no lock file of NuGet');
    const packages = members(document.dependencies).flatMap(([framework, table]) =>
      members(table).map(([name, entry]) => lockedOf(framework, name, entry)),
    );
    return { packages: packages.filter((one) => one !== undefined), hasEdges: true };
  },
});

function lockedOf(framework: string, name: string, entry: unknown): Locked | undefined {
  const version = isRecord(entry) ? stringOf(entry.resolved) : undefined;
  if (!isRecord(entry) || !version || entry.type === 'Project') return undefined;
  const key = (name: string) => `${framework} ${name.toLowerCase()}`;
  return {
    key: key(name),
    name,
    version,
    purl: { type: 'nuget', name, version },
    hashes: integrityHashes(`sha512-${stringOf(entry.contentHash) ?? ''}`),
    isDirect: entry.type === 'Direct',
    scope: 'production',
    needs: members(entry.dependencies).map(([other]) => key(other)),
  };
}
