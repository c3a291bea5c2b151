import { parseYaml } from '../formats/yaml.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, records, texts, webAddress } from '../lock.ts';
import type { Hash } from '../package.ts';
import { prefixedHash, pypiPurl, tableOf } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';

type Fields = Readonly<Record<string, unknown>>;

/** conda-lock.yml and pixi.lock: packages of conda and of PyPI, for several platforms; build and channel are in the address. */
export default lockCataloger({
  name: 'conda-lock',
  ecosystem: 'conda',
  files: ['**/conda-lock.{yml,yaml}', '**/*.conda-lock.{yml,yaml}', '**/pixi.lock'],
  read(file) {
    const document = parseYaml(file.text());
    if (!isRecord(document)) throw new Error('no mapping');
    const isPixi = file.path.endsWith('pixi.lock');
    const list = isPixi ? document.packages : document.package;
    const packages = records(list)
      .map(isPixi ? fromPixi : fromCondaLock)
      .filter((one) => one !== undefined);
    return { packages, hasEdges: true };
  },
});

function fromCondaLock(entry: Fields): Locked | undefined {
  const name = stringOf(entry.name);
  const version = stringOf(entry.version);
  if (!name || !version) return undefined;
  const { md5, sha256 } = tableOf(entry.hash);
  const platform = stringOf(entry.platform) ?? '';
  const isPip = entry.manager === 'pip';
  const key = (name: string) => `${platform} ${normalizeName(name)}`;
  return {
    ...locked(key(name), name, version, stringOf(entry.url) ?? '', isPip, [
      ...prefixedHash(`sha256:${sha256}`),
      ...prefixedHash(`md5:${md5}`),
    ]),
    scope:
      entry.optional === 'true' || (entry.category !== undefined && entry.category !== 'main')
        ? 'development'
        : 'production',
    needs: members(entry.dependencies).map(([other]) => key(other)),
  };
}

/** Version 6 has `- conda: URL`, older ones `- kind: conda` with `url`. */
function fromPixi(entry: Fields): Locked | undefined {
  const url = stringOf(entry.conda) ?? stringOf(entry.pypi) ?? stringOf(entry.url) ?? '';
  const isPip = entry.pypi !== undefined || entry.kind === 'pypi';
  const [name, version] = isPip ? [stringOf(entry.name), stringOf(entry.version)] : archiveName(url);
  if (!name || !version) return undefined;
  const platform = isPip ? 'pypi' : (url.split('/').at(-2) ?? '');
  const hashes = [...prefixedHash(`sha256:${entry.sha256}`), ...prefixedHash(`md5:${entry.md5}`)];
  const needs = [...texts(entry.depends), ...texts(entry.requires_dist)].map((one) => /^[\w.-]+/.exec(one)?.[0] ?? '');
  const license = stringOf(entry.license);
  return {
    ...locked(`${platform} ${normalizeName(name)}`, name, version, url, isPip, hashes),
    needs: needs.flatMap((other) => [`${platform} ${normalizeName(other)}`, `noarch ${normalizeName(other)}`]),
    ...(license ? { declaredLicense: license } : {}),
  };
}

/** `name-version-build.conda`: the last two parts have no dash. */
function archiveName(url: string): [name?: string, version?: string, build?: string] {
  const [, name, version, build] = /\/([^/]+)-([^/-]+)-([^/-]+)\.(?:conda|tar\.bz2)$/.exec(url) ?? [];
  return name && version && build ? [name, version, build] : [];
}

function locked(key: string, name: string, version: string, url: string, isPip: boolean, hashes: Hash[]): Locked {
  const [, channel, subdir] = /^https?:\/\/[^/]+\/(.*?)\/?([^/]+)\/[^/]+$/.exec(url) ?? [];
  const type = /\.(conda|tar\.bz2)$/.exec(url)?.[1];
  const [, , build] = archiveName(url);
  return {
    key,
    name,
    version,
    purl: isPip
      ? pypiPurl(name, version)
      : { type: 'conda', name, version, qualifiers: { build, channel, subdir, type } },
    hashes,
    ...(webAddress(url) ? { downloadUrl: url } : {}),
  };
}
