import { type Locked, lockCataloger, type Wanted } from '../lock.ts';
import type { Hash } from '../package.ts';

/**
 * Gemfile.lock (Bundler's LockfileParser): sections at the margin, gems four blanks in, what they need six. A version
 * may carry a platform: `1.16.0-x86_64-linux`. What gems of the project itself (`PATH`) need, the project needs. Groups stand in the Gemfile alone, which is a program.
 */
export default lockCataloger({
  name: 'gemfile-lock',
  ecosystem: 'gem',
  files: ['**/Gemfile.lock', '**/gems.locked'],
  read(file) {
    const packages: (Locked & { needs: string[] })[] = [];
    const keys = new Map<string, string[]>();
    const sums = new Map<string, Hash>();
    const named: string[] = [];
    let section = '';
    let source: { remote?: string; revision?: string } = {};
    for (const line of file.text().split(/\r?\n/)) {
      const [, indent = '', name = '', version, rest = ''] = /^( *)([^\s(]+)(?: \(([^)]*)\))?(.*)$/.exec(line) ?? [];
      if (line !== '' && indent === '') {
        section = line.trim();
        source = {};
      } else if (indent.length === 2 && /^(remote|revision):$/.test(name))
        source = { ...source, [name.slice(0, -1)]: rest.trim() };
      else if (indent.length === 4 && version && section !== 'PATH') {
        const one = gemOf(name, version, section === 'GIT' ? source : {});
        packages.push(one);
        keys.set(name, [...(keys.get(name) ?? []), one.key]);
      } else if (indent.length === 6 && section === 'PATH') named.push(name);
      else if (indent.length === 6) packages.at(-1)?.needs.push(name);
      else if (section === 'DEPENDENCIES' && indent.length === 2) named.push(name.replace(/!$/, ''));
      else if (section === 'CHECKSUMS' && version) {
        const [, value] = /sha256=([0-9a-f]{64})/.exec(rest) ?? [];
        if (value) sums.set(`${name} ${version}`, { algorithm: 'SHA-256', value });
      }
    }
    const wanted = named.flatMap((name) => keys.get(name) ?? []).map((key): Wanted => ({ key, scope: 'production' }));
    const isDirect = new Set(wanted.map(({ key }) => key));
    return {
      packages: packages.map((one) => {
        const sum = sums.get(one.key);
        return {
          ...one,
          needs: one.needs.flatMap((name) => keys.get(name) ?? []),
          isDirect: isDirect.has(one.key),
          ...(sum ? { hashes: [sum] } : {}),
        };
      }),
      hasEdges: true,
    };
  },
});

function gemOf(name: string, stated: string, { remote, revision }: { remote?: string; revision?: string }) {
  const [version = '', ...platform] = stated.split('-');
  const git = remote && revision ? `git+${remote}@${revision}` : undefined;
  return {
    key: `${name} ${stated}`,
    name,
    version,
    purl: { type: 'gem', name, version, qualifiers: { platform: platform.join('-'), vcs_url: git } },
    needs: [] as string[],
  };
}
