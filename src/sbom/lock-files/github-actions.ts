import { type Locked, lockCataloger } from '../lock.ts';

const USES = /^\s*(?:-\s+)?uses:\s*["']?([\w.-]+)\/([\w.-]+)((?:\/[\w.-]+)*)@([\w./-]+)["']?\s*(?:#\s*(v?\d[\w.]*))?/;

/** `uses:` of GitHub's workflows and actions. A tag can be moved, a commit cannot: the version is what is written. */
export default lockCataloger({
  name: 'github-actions',
  ecosystem: 'github',
  files: ['**/.github/workflows/*.{yml,yaml}', '**/action.{yml,yaml}'],
  read(file) {
    const packages: Locked[] = [];
    for (const line of file.text().split('\n')) {
      const [, owner, name, path = '', version] = USES.exec(line) ?? [];
      if (!owner || !name || !version) continue;
      packages.push({
        key: String(packages.length),
        name: `${owner}/${name}${path}`,
        version,
        purl: { type: 'github', namespace: owner, name, version, subpath: path.slice(1) || null },
        sourceUrl: `https://github.com/${owner}/${name}`,
        scope: 'development',
        isDirect: true,
      });
    }
    return { packages, confidence: 0.9 };
  },
});
