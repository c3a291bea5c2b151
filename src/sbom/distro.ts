import { SUPPORT_FILES, supportOf } from './distro-support.ts';
import type { Distro, FileView } from './package.ts';
import { stated } from './stated.ts';

/** What `detectDistro` reads. */
export const DISTRO_FILES: readonly string[] = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/system-release-cpe',
  'etc/{oracle,centos,almalinux,rocky,fedora,redhat,system}-release',
  'etc/lsb-release',
  'etc/alpine-release',
  'etc/debian_version',
  'bin/busybox',
  'usr/bin/busybox',
  ...SUPPORT_FILES,
];

/** What the version of BusyBox stands behind in the program. */
export const BUSYBOX_BANNER = 'BusyBox v';

/**
 * Which distribution the image is: os-release(5), else the older files of each family, else the banner of BusyBox
 * (last, because others ship BusyBox too). What a file does not say stays absent.
 */
export function detectDistro(view: FileView): Distro | undefined {
  const stated = readOsRelease(view);
  const distro = stated?.id ? stated : (readOlderFiles(view) ?? stated);
  // os-release(5): "If not set, a default of ID=linux may be used."
  if (distro) return supplement(view, { ...distro, id: distro.id || 'linux' });
  return readBusybox(view);
}

/** The value of the `distro` qualifier of a package URL: `debian-12.15`. */
export function distroQualifier(distro: Distro | undefined): string | undefined {
  if (!distro) return undefined;
  const release = distro.versionId ?? distro.codename;
  return release ? `${distro.id}-${release}` : distro.id;
}

/** Assignments of os-release(5) and lsb-release: shell-like, without expansion. */
export function parseAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.slice(0, 65_536).split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line);
    if (match?.[1] && match[2] !== undefined) values.set(match[1], unquote(match[2]));
  }
  return values;
}

function unquote(value: string): string {
  const quote = value[0];
  if (quote === "'" && value.endsWith("'") && value.length > 1) return value.slice(1, -1);
  const inner = quote === '"' ? value.slice(1, value.endsWith('"') && value.length > 1 ? -1 : undefined) : value;
  return inner.replace(/\\(.)/g, '$1');
}

function readOsRelease(view: FileView): Distro | undefined {
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    const file = view.get(path);
    if (!file) continue;
    const values = parseAssignments(file.text());
    if (values.size === 0) continue;
    return {
      id: (values.get('ID') ?? '').toLowerCase(),
      idLike: (values.get('ID_LIKE') ?? '').split(/\s+/).filter(Boolean),
      ...stated({
        name: values.get('NAME'),
        prettyName: values.get('PRETTY_NAME'),
        versionId: values.get('VERSION_ID'),
        codename: values.get('VERSION_CODENAME') ?? values.get('UBUNTU_CODENAME'),
        cpe: values.get('CPE_NAME'),
      }),
    };
  }
  return undefined;
}

function readOlderFiles(view: FileView): Distro | undefined {
  return (
    readSystemCpe(view) ??
    readRedHatRelease(view) ??
    readLsbRelease(view) ??
    readAlpine(view) ??
    readDebianVersion(view)
  );
}

/** CentOS 6: `cpe:/o:centos:linux:6:GA`. */
function readSystemCpe(view: FileView): Distro | undefined {
  const cpe = firstLine(view, 'etc/system-release-cpe');
  const [, vendor, , version] = /^cpe:(?:\/|2\.3:)o:([^:]+):([^:]+):([^:]+)/.exec(cpe) ?? [];
  if (!vendor) return undefined;
  const ids: Readonly<Record<string, string>> = {
    redhat: 'rhel',
    oracle: 'ol',
    amazon: 'amzn',
    fedoraproject: 'fedora',
  };
  return { id: ids[vendor] ?? vendor, idLike: [], cpe, ...stated({ versionId: version }) };
}

const RELEASE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^Oracle Linux/, 'ol'],
  [/^CentOS/, 'centos'],
  [/^AlmaLinux/, 'almalinux'],
  [/^Rocky Linux/, 'rocky'],
  [/^Scientific Linux/, 'scientific'],
  [/^Fedora/, 'fedora'],
  [/^Amazon Linux/, 'amzn'],
  [/^Red Hat Enterprise Linux/, 'rhel'],
];

/** Clones keep a redhat-release that names the original, so their own file comes first. */
function readRedHatRelease(view: FileView): Distro | undefined {
  for (const family of ['oracle', 'centos', 'almalinux', 'rocky', 'fedora', 'redhat', 'system']) {
    const line = firstLine(view, `etc/${family}-release`);
    const match = /^([A-Z][A-Za-z ]*?)\s+release\s+(\d[\d.]*)(?:\s+\(([^)]*)\))?/.exec(line);
    const id = RELEASE_NAMES.find(([pattern]) => pattern.test(line))?.[1];
    if (match?.[1] && id) {
      return {
        id,
        idLike: [],
        prettyName: line,
        ...stated({ name: match[1], versionId: match[2], codename: match[3] }),
      };
    }
  }
  return undefined;
}

function readLsbRelease(view: FileView): Distro | undefined {
  const values = parseAssignments(view.get('etc/lsb-release')?.text() ?? '');
  const name = values.get('DISTRIB_ID');
  if (!name) return undefined;
  return {
    id: name.toLowerCase(),
    idLike: [],
    name,
    ...stated({
      prettyName: values.get('DISTRIB_DESCRIPTION'),
      versionId: values.get('DISTRIB_RELEASE'),
      codename: values.get('DISTRIB_CODENAME'),
    }),
  };
}

function readAlpine(view: FileView): Distro | undefined {
  const version = firstLine(view, 'etc/alpine-release');
  return /^\d+\.\d/.test(version) ? { id: 'alpine', idLike: [], name: 'Alpine Linux', versionId: version } : undefined;
}

/** `9.8`, or `bookworm/sid` on testing and unstable, which have no version. */
function readDebianVersion(view: FileView): Distro | undefined {
  const version = firstLine(view, 'etc/debian_version');
  const base = { id: 'debian', idLike: [], name: 'Debian GNU/Linux' };
  if (/^\d+(\.\d+)*$/.test(version)) return { ...base, versionId: version };
  return /^[a-z]+\/sid$/.test(version) ? base : undefined;
}

function readBusybox(view: FileView): Distro | undefined {
  const file = view.get('bin/busybox') ?? view.get('usr/bin/busybox');
  if (!file) return undefined;
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const at = bytes.indexOf(BUSYBOX_BANNER);
  const version = at < 0 ? undefined : /^BusyBox v(\d+(?:\.\d+)+)/.exec(bytes.toString('latin1', at, at + 40))?.[1];
  return version ? { id: 'busybox', idLike: [], name: 'BusyBox', versionId: version } : undefined;
}

/** os-release often says only the major release; an older file knows the point release. */
function supplement(view: FileView, distro: Distro): Distro {
  const finer = finerVersion(view, distro.id);
  const lsb = distro.id === 'ubuntu' ? readLsbRelease(view) : undefined;
  const codename = distro.codename ?? lsb?.codename;
  const versionId = finer && refines(finer, distro.versionId) ? finer : distro.versionId;
  return { ...distro, ...stated({ codename, versionId }), ...supportOf(view, distro.id) };
}

function finerVersion(view: FileView, id: string): string | undefined {
  if (id === 'debian') return readDebianVersion(view)?.versionId;
  if (id === 'alpine') return readAlpine(view)?.versionId;
  return id === 'centos' ? readRedHatRelease(view)?.versionId : undefined;
}

function refines(finer: string, version: string | undefined): boolean {
  return version === undefined || finer.startsWith(`${version}.`);
}

function firstLine(view: FileView, path: string): string {
  return (view.get(path)?.text() ?? '').slice(0, 1024).split('\n', 1)[0]?.trim() ?? '';
}
