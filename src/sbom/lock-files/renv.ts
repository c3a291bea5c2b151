import { isRecord, parseJson, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, texts } from '../lock.ts';
import { tableOf } from '../pypi-names.ts';

/** renv.lock. Its `Hash` is renv's own, of DESCRIPTION and not of an archive. */
export default lockCataloger({
  name: 'renv-lock',
  ecosystem: 'cran',
  files: ['**/renv.lock'],
  read(file) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const packages = members(document.Packages).map(([, entry]) => (isRecord(entry) ? lockedOf(entry) : undefined));
    return { packages: packages.filter((one) => one !== undefined), hasEdges: true };
  },
});

function lockedOf(entry: Readonly<Record<string, unknown>>): Locked | undefined {
  const name = stringOf(entry.Package);
  const version = stringOf(entry.Version);
  if (!name || !version) return undefined;
  const { RemoteHost, RemoteUsername, RemoteRepo, RemoteSha } = tableOf(entry);
  const git =
    entry.Source === 'GitHub' && RemoteHost
      ? `git+https://github.com/${RemoteUsername}/${RemoteRepo}@${RemoteSha}`
      : undefined;
  const stated = [
    ...texts(entry.Requirements),
    ...texts(entry.Imports),
    ...texts(entry.Depends),
    ...texts(entry.LinkingTo),
  ];
  return {
    key: name,
    name,
    version,
    purl: { type: 'cran', name, version, qualifiers: { vcs_url: git } },
    needs: stated.map((one) => /^[\w.]+/.exec(one)?.[0] ?? '').filter((one) => one !== 'R'),
  };
}
