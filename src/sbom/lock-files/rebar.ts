import type { Locked } from '../lock.ts';
import { lockCataloger } from '../lock.ts';
import { prefixedHash } from '../pypi-names.ts';

const ENTRY =
  /\{<<"([^"]+)">>,\s*(?:\{pkg,\s*<<"([^"]+)">>,\s*<<"([^"]+)">>[^}]*\}|\{git,\s*"([^"]+)",\s*\{ref,\s*"([^"]+)"\}\}),\s*(\d+)\}/g;

/** rebar.lock, terms of Erlang: packages with their depth in the graph, 0 for what the project names; then their hashes. */
export default lockCataloger({
  name: 'rebar-lock',
  ecosystem: 'hex',
  files: ['**/rebar.lock'],
  read(file) {
    const text = file.text();
    // The outer hash is the archive's (rebar3's docs); older files have the one of the contents alone.
    const [, outer = ''] = text.split('{pkg_hash_ext,');
    const sums = new Map(
      [...outer.matchAll(/\{<<"([^"]+)">>,\s*<<"([0-9A-F]{64})">>\}/g)].map(([, name = '', sum = '']) => [name, sum]),
    );
    const packages: Locked[] = [...text.matchAll(ENTRY)].map(
      ([, app = '', name = app, version, url, revision, depth]) => ({
        key: app,
        name,
        version: version ?? revision ?? '',
        purl: {
          type: 'hex',
          name,
          version: version ?? revision ?? '',
          qualifiers: { vcs_url: url ? `git+${url}@${revision}` : undefined },
        },
        hashes: prefixedHash(`sha256:${sums.get(app) ?? ''}`),
        isDirect: depth === '0',
      }),
    );
    return { packages };
  },
});
