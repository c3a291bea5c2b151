import { parseJsonc } from '../formats/jsonc.ts';
import { integrityHashes } from '../integrity.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, type Wanted } from '../lock.ts';
import { askedBy, npmPurl, vcsQualifier } from '../npm-names.ts';

type Find = (from: string, name: string) => string | undefined;

/**
 * bun.lock: JSON with trailing commas. `packages` maps where a module lies (`a/b`: b inside a) to
 * [name@version, registry, { dependencies … }, integrity]; members of the workspace have the first alone.
 */
export default lockCataloger({
  name: 'bun-lock',
  ecosystem: 'npm',
  files: ['**/bun.lock'],
  read(file) {
    const document = parseJsonc(file.text());
    if (!isRecord(document) || !isRecord(document.packages)) throw new Error('no packages in it');
    const entries = new Map(members(document.packages));
    const find: Find = (from, name) => {
      for (let at = from; at !== ''; at = parentOf(at)) if (entries.has(`${at}/${name}`)) return `${at}/${name}`;
      return entries.has(name) ? name : undefined;
    };
    const packages: Locked[] = [];
    for (const [key, entry] of entries) {
      const one = Array.isArray(entry) ? lockedOf(key, entry, find) : undefined;
      if (one) packages.push(one);
    }
    const wanted = members(document.workspaces).flatMap(([folder, manifest]): Wanted[] => {
      // A member's modules may lie inside it.
      const base = folder === '' || !isRecord(manifest) ? '' : (stringOf(manifest.name) ?? '');
      return askedBy(manifest).flatMap(({ name, scope }) => {
        const key = find(base, name);
        return key === undefined ? [] : [{ key, scope }];
      });
    });
    return { packages, wanted, hasEdges: true };
  },
});

/** `@a/b/c` lies in `@a/b`, `a/@b/c` in `a`. */
function parentOf(key: string): string {
  const at = key.lastIndexOf('/');
  if (at < 0) return '';
  const before = key.lastIndexOf('/', at - 1);
  return key[before + 1] === '@' ? key.slice(0, Math.max(before, 0)) : key.slice(0, at);
}

function lockedOf(key: string, entry: readonly unknown[], find: Find): Locked | undefined {
  const resolution = stringOf(entry[0]) ?? '';
  const at = resolution.indexOf('@', 1);
  const name = resolution.slice(0, at);
  const version = resolution.slice(at + 1);
  if (at < 1 || /^(workspace|link|file|root):/.test(version)) return undefined;
  const asked = askedBy(entry.find(isRecord)).filter(({ scope }) => scope !== 'development');
  const keys = (isOptional: boolean) =>
    asked
      .filter(({ scope }) => (scope === 'optional') === isOptional)
      .map((one) => find(key, one.name))
      .filter((one) => one !== undefined);
  const integrity = entry.findLast((one) => typeof one === 'string');
  return {
    key,
    name,
    version: version.replace(/^[^#]*#/, ''),
    purl: npmPurl(name, version.replace(/^[^#]*#/, ''), vcsQualifier(version)),
    hashes: integrityHashes(String(integrity ?? '')),
    needs: keys(false),
    mayNeed: keys(true),
  };
}
