import { isRecord, parseJson, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, texts } from '../lock.ts';
import { tableOf } from '../pypi-names.ts';

const NEEDS = ['Requirements', 'Imports', 'Depends', 'LinkingTo'];

/** renv.lock. Its `Hash` is renv's own, of DESCRIPTION and not of an archive. */
export default lockCataloger({
  name: 'renv-lock',
  ecosystem: 'cran',
  files: ['**/renv.lock'],
  read(file) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const entries = members(document.Packages).flatMap(([, entry]) => (isRecord(entry) ? [entry] : []));
    const packages = entries.map(lockedOf).filter((one) => one !== undefined);
    // Before renv 0.16 nothing was said of what a package needs.
    return { packages, hasEdges: entries.some((entry) => NEEDS.some((field) => entry[field] !== undefined)) };
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
  const stated = NEEDS.flatMap((field) => texts(entry[field]));
  return {
    key: name,
    name,
    version,
    purl: { type: 'cran', name, version, qualifiers: { vcs_url: git } },
    needs: stated.map((one) => /^[\w.]+/.exec(one)?.[0] ?? '').filter((one) => one !== 'R'),
  };
}
