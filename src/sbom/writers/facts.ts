import type { Distro, Party } from '../package.ts';
import { parsePurl } from '../purl.ts';
import type { Sbom, SbomPackage } from '../sbom.ts';

/** Package managers of distributions: who makes the distribution has built what they install. */
const OF_DISTRIBUTION: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'alpm', 'ebuild', 'opkg', 'cos']);
const FROM_BYTES: ReadonlySet<string> = new Set([
  'binary',
  'elf-note',
  'go',
  'gguf',
  'graalvm',
  'java',
  'kernel',
  'pe',
  'php-extension',
  'rust',
]);
const WITH_GROUP: ReadonlySet<string> = new Set(['composer', 'maven', 'npm']);

/** Whether its identity was read from a compiled file, and not from a package manager's record. */
export function isFromBytes({ foundBy }: SbomPackage): boolean {
  return FROM_BYTES.has(foundBy);
}

/**
 * `application`: a program by itself, which is the main module of a Go program and what was recognised by its bytes or
 * as a Java runtime. `library`: everything else, a distribution's packages among it, which do not tell.
 */
export function purposeOf({ foundBy, ecosystem, knowsDependencies }: SbomPackage): 'application' | 'library' {
  if (foundBy === 'go') return knowsDependencies ? 'application' : 'library';
  return foundBy === 'jvm' || (foundBy === 'binary' && ecosystem === 'generic') ? 'application' : 'library';
}

/** Name with the group apart where an ecosystem has one: Maven's groupId, npm's scope, the vendor of Composer. */
export function namesOf({ ecosystem, name, purl }: SbomPackage): { readonly group?: string; readonly name: string } {
  if (!WITH_GROUP.has(ecosystem)) return { name };
  const { namespace } = parsePurl(purl);
  if (!namespace) return { name };
  return { group: namespace, name: name.startsWith(`${namespace}/`) ? name.slice(namespace.length + 1) : name };
}

/** Gives the supplier of each package of an SBOM, as far as one is known. */
export type SupplierOf = (one: SbomPackage) => Party | undefined;

/**
 * As stated; else that of the system package which it came in; else the distribution of its packages, and where a Go
 * module is hosted.
 */
export function suppliersOf({ packages, distro }: Sbom): SupplierOf {
  const byPurl = new Map(packages.map((one) => [one.purl, one]));
  return (one) => {
    const owner = one.ownedBy === undefined ? undefined : byPurl.get(one.ownedBy);
    return one.supplier ?? (owner && (owner.supplier ?? makerOf(owner, distro))) ?? makerOf(one, distro);
  };
}

function makerOf({ ecosystem, name }: SbomPackage, distro: Distro | undefined): Party | undefined {
  if (OF_DISTRIBUTION.has(ecosystem) && distro) return { name: distro.name ?? distro.prettyName ?? distro.id };
  if (ecosystem !== 'golang') return undefined;
  if (name === 'stdlib') return { name: 'The Go Authors', url: 'https://go.dev' };
  const [host = '', owner] = name.split('/');
  if (!/^[\w-]+(\.[\w-]+)+$/.test(host)) return undefined;
  const place = /^(github|gitlab|bitbucket)\./.test(host) && owner ? `${host}/${owner}` : host;
  return { name: place, url: `https://${place}` };
}

/**
 * Where a distribution keeps the source: Debian and Ubuntu, of packages that they maintain themselves. Made from the
 * name and version of the source package as their archives file it.
 */
export function sourceArchiveOf(one: SbomPackage): string | undefined {
  if (one.ecosystem !== 'deb') return undefined;
  const { namespace, name, version, qualifiers } = parsePurl(one.purl);
  const [source = name, sourceVersion = version ?? ''] = (qualifiers?.upstream ?? name).split('@');
  const maintainer = one.supplier?.email ?? '';
  // A binary rebuild has a version of its own (Debian developer's reference, §5.10.2.1), the source has not.
  const path = `${encodeURIComponent(source)}/${encodeURIComponent(sourceVersion.replace(/\+b\d+$/, ''))}`;
  if (namespace === 'debian' && /[@.]debian\.org$/.test(maintainer))
    return `https://snapshot.debian.org/package/${path}/`;
  if (namespace === 'ubuntu' && /[@.]ubuntu\.com$/.test(maintainer))
    return `https://launchpad.net/ubuntu/+source/${path}`;
  return undefined;
}

/** Where the packages are in the Dockerfile that made the image, if that is known. */
export function dockerfileLine({ dockerfile }: Sbom, { layer }: SbomPackage): string | undefined {
  const line = layer && dockerfile?.lines.get(layer.index);
  return line && `${line.line}${line.isSure ? '' : '?'}`;
}

/** RFC 3987 as validators check it: nothing but what a URL may hold. */
export function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s<>"{}|\\^`[\]]+$/.test(text) && !/%(?![0-9A-Fa-f]{2})/.test(text) && URL.canParse(text);
}
