import { type Locked, lockCataloger } from '../lock.ts';
import { prefixedHash } from '../pypi-names.ts';

/** Older versions of mix begin with the first package, and know of no hashes. */
const HEX = /^\s*(?:%\{)?\s*"?([^":]+)"?:\s*\{:hex,\s*:"?([\w.@-]+)"?,\s*"([^"]+)"/;
const GIT = /^\s*(?:%\{)?\s*"?([^":]+)"?:\s*\{:git,\s*"([^"]+)",\s*"([0-9a-f]+)"/;

/**
 * mix.lock, a map in Elixir, one package to a line: {:hex, name, version, hash of the contents, tools, [needs], repository, hash
 * of the archive}.
 */
export default lockCataloger({
  name: 'mix-lock',
  ecosystem: 'hex',
  files: ['**/mix.lock'],
  read(file) {
    const packages = file
      .text()
      .split('\n')
      .map(lockedOf)
      .filter((one) => one !== undefined);
    // Since Elixir 1.3 a package's record ends with its tools and what it needs.
    return { packages, hasEdges: /\], \[/.test(file.text()) };
  },
});

function lockedOf(line: string): Locked | undefined {
  const [, app, name, version] = HEX.exec(line) ?? [];
  if (app && name && version) {
    const [, archive] = /,\s*"([0-9a-f]{64})"\}[,}]?\s*$/.exec(line) ?? [];
    const needs = [...line.matchAll(/\{:"?([\w@]+)"?, "[^"]*", \[([^\]]*)\]\}/g)];
    const names = (isOptional: boolean) =>
      needs
        .filter(([, , options = '']) => /optional: true/.test(options) === isOptional)
        .map(([, other = '']) => other);
    return {
      key: app,
      name,
      version,
      purl: { type: 'hex', name, version },
      hashes: prefixedHash(`sha256:${archive ?? ''}`),
      needs: names(false),
      mayNeed: names(true),
    };
  }
  const [, gitApp, url, revision] = GIT.exec(line) ?? [];
  if (!gitApp || !url || !revision) return undefined;
  return {
    key: gitApp,
    name: gitApp,
    version: revision,
    purl: { type: 'hex', name: gitApp, version: revision, qualifiers: { vcs_url: `git+${url}@${revision}` } },
  };
}
