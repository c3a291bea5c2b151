import { beside, type Locked, lockCataloger, type Wanted } from '../lock.ts';
import type { KeptFile } from '../package.ts';

interface Requirement {
  readonly path: string;
  readonly version: string;
  readonly isIndirect: boolean;
}

/**
 * go.mod (go.dev/ref/mod#go-mod-file). From Go 1.17 on it lists every module that is needed; before, the others are in
 * go.sum, where a line without `/go.mod` is of a module whose files were needed.
 */
export default lockCataloger({
  name: 'go-mod',
  ecosystem: 'golang',
  files: ['**/go.mod'],
  manifests: ['**/go.sum'],
  read(file, view) {
    const { required, replaced, go } = readModule(file.text());
    const sums = view.get(beside(file, 'go.sum'));
    const all = new Map(required.map((one) => [one.path, one]));
    if (isBefore(go, 17)) for (const one of sums ? listedIn(sums) : []) if (!all.has(one.path)) all.set(one.path, one);
    const wanted: Wanted[] = [];
    const packages: Locked[] = [];
    for (const { path, version, isIndirect } of all.values()) {
      const other = replaced.get(`${path} ${version}`) ?? replaced.get(path);
      // A folder instead: a part of the project.
      if (other && !other.version) continue;
      const module = other ?? { path, version };
      const at = module.path.lastIndexOf('/');
      packages.push({
        key: path,
        name: module.path,
        version: module.version,
        purl: {
          type: 'golang',
          namespace: module.path.slice(0, Math.max(at, 0)),
          name: module.path.slice(at + 1),
          version: module.version,
        },
      });
      if (!isIndirect) wanted.push({ key: path, scope: 'production' });
    }
    return { packages: packages.map((one) => ({ ...one, scope: 'production' as const })), wanted };
  },
});

interface Replacement {
  readonly path: string;
  /** Empty: `path` is a folder. */
  readonly version: string;
}

function readModule(text: string): { required: Requirement[]; replaced: Map<string, Replacement>; go: string } {
  const required: Requirement[] = [];
  const replaced = new Map<string, Replacement>();
  let go = '';
  let block = '';
  for (const line of text.split('\n')) {
    const at = line.indexOf('//');
    const words = (at < 0 ? line : line.slice(0, at))
      .split(/[\s]+/)
      .filter((word) => word !== '')
      .map(unquote);
    if (words.length === 0) continue;
    if (block && words[0] === ')') block = '';
    else if (words[1] === '(') block = words[0] as string;
    else {
      const [verb = '', ...rest] = block ? [block, ...words] : words;
      if (verb === 'go') go = rest[0] ?? '';
      if (verb === 'require' && rest[0] && rest[1]) {
        required.push({ path: rest[0], version: rest[1], isIndirect: /^\/\/\s*indirect\b/.test(line.slice(at)) });
      }
      if (verb === 'replace') readReplacement(rest, replaced);
    }
  }
  return { required, replaced, go };
}

/** `old [version] => new [version]` */
function readReplacement(words: readonly string[], replaced: Map<string, Replacement>): void {
  const arrow = words.indexOf('=>');
  const [path, version] = words.slice(arrow + 1);
  if (arrow < 1 || !path) return;
  replaced.set(words.slice(0, Math.min(arrow, 2)).join(' '), { path, version: version ?? '' });
}

function unquote(word: string): string {
  return /^["`].*["`]$/.test(word) ? word.slice(1, -1) : word;
}

/** The highest version of each module whose files are in go.sum. */
function listedIn(sums: KeptFile): Requirement[] {
  const modules = new Map<string, Requirement>();
  for (const line of sums.text().split('\n')) {
    const [path, version] = line.split(' ');
    // Versions of one module stand in order.
    if (path && version && !version.endsWith('/go.mod')) modules.set(path, { path, version, isIndirect: true });
  }
  return [...modules.values()];
}

function isBefore(go: string, minor: number): boolean {
  const [, major = '1', found = '0'] = /^(\d+)\.(\d+)/.exec(go) ?? [];
  return Number(major) === 1 && Number(found) < minor;
}
