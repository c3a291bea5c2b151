import { integrityHashes } from '../integrity.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, texts } from '../lock.ts';
import { npmPurl } from '../npm-names.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * deno.lock, versions 3 to 5. Packages of JSR have the name they have on JSR's own npm registry (jsr.io/docs,
 * npm compatibility), since purl-spec has no type for it.
 */
export default lockCataloger({
  name: 'deno-lock',
  ecosystem: 'npm',
  files: ['**/deno.lock'],
  read(file) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const parts = isRecord(document.packages) ? document.packages : document;
    const specifiers = isRecord(parts.specifiers) ? parts.specifiers : {};
    const keys = [
      ...members(parts.npm).map(([key]) => `npm:${key}`),
      ...members(parts.jsr).map(([key]) => `jsr:${key}`),
    ];
    const find = finder(keys, specifiers);
    const packages = [
      ...members(parts.npm).map(([key, entry]) => npmPackage(key, entry, find)),
      ...members(parts.jsr).map(([key, entry]) => jsrPackage(key, entry, find)),
    ].filter((one) => one !== undefined);
    const workspace = isRecord(document.workspace) ? document.workspace : {};
    const inner = isRecord(workspace.packageJson) ? workspace.packageJson : {};
    const members_ = members(workspace.members).map(([, member]) => (isRecord(member) ? member : {}));
    const asked = [workspace, inner, ...members_].flatMap((one) => texts(one.dependencies));
    const wanted = asked.map(find).filter((key) => key !== undefined);
    return {
      packages,
      ...(wanted.length > 0 ? { wanted: wanted.map((key) => ({ key, scope: 'production' as const })) } : {}),
      hasEdges: true,
    };
  },
});

type Find = (reference: string) => string | undefined;

/** A dependency is `name`, `name@1.0.0`, `npm:name@^1`; the last is looked up in `specifiers`. */
function finder(keys: readonly string[], specifiers: Fields): Find {
  const known = new Map<string, string>();
  for (const key of keys) {
    known.set(key, key);
    const name = key.slice(0, key.indexOf('@', 5));
    if (!known.has(name)) known.set(name, key);
  }
  return (reference) => {
    const whole = /^(npm|jsr):/.test(reference) ? reference : `npm:${reference}`;
    const target = stringOf(specifiers[whole]);
    const resolved =
      target && (/^(npm|jsr):/.test(target) ? target : `${whole.slice(0, whole.indexOf('@', 5))}@${target}`);
    return known.get(whole) ?? known.get(resolved || '');
  };
}

function npmPackage(key: string, entry: unknown, find: Find): Locked | undefined {
  // Peers follow the version: `a@1.0.0_b@2.0.0`.
  const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
  if (!name || !version || !isRecord(entry)) return undefined;
  const stated = (field: string) =>
    (isRecord(entry[field]) ? Object.values(entry[field]).map(String) : texts(entry[field]))
      .map((one) => find(one))
      .filter((one) => one !== undefined);
  return {
    key: `npm:${key}`,
    name,
    version,
    purl: npmPurl(name, version),
    hashes: integrityHashes(stringOf(entry.integrity) ?? ''),
    needs: stated('dependencies'),
    mayNeed: stated('optionalDependencies'),
  };
}

function jsrPackage(key: string, entry: unknown, find: Find): Locked | undefined {
  const [, scope, base, version] = /^@([^/@]+)\/([^/@]+)@(.+)$/.exec(key) ?? [];
  if (!scope || !base || !version || !isRecord(entry)) return undefined;
  return {
    key: `jsr:${key}`,
    name: `@${scope}/${base}`,
    version,
    purl: npmPurl(`@jsr/${scope}__${base}`, version, { repository_url: 'https://npm.jsr.io' }),
    // `integrity` is of JSR's list of the files, not of an archive.
    needs: texts(entry.dependencies)
      .map(find)
      .filter((one) => one !== undefined),
  };
}
