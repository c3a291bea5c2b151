import { controlParagraphs, lines, type Paragraph } from '../control-file.ts';
import { readCopyright } from '../debian-copyright.ts';
import { distroQualifier } from '../distro.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { parseParty } from '../party.ts';
import { tryPurl } from '../purl.ts';

/** Control files that lie beside the records of status.d (distroless) and are no records. */
const NO_RECORD = /\.(md5sums|list|conffiles|triggers|shlibs|symbols|config|templates|(pre|post)(inst|rm))$/;
const INFO = 'var/lib/dpkg/info';

/** Debian packages: dpkg's status file, and one file for each package in status.d, as distroless images have it. */
const dpkg: Cataloger = {
  name: 'dpkg',
  version: 1,
  isSystem: true,
  files: [
    'var/lib/dpkg/status',
    'usr/lib/dpkg/status',
    'var/lib/dpkg/status.d/*',
    `${INFO}/*.list`,
    'usr/share/doc/*/copyright',
  ],
  *catalog(view, context) {
    for (const file of view.match('{var,usr}/lib/dpkg/status', 'var/lib/dpkg/status.d/*')) {
      if (NO_RECORD.test(file.path)) continue;
      let records = 0;
      for (const fields of context.once(file, () => [...controlParagraphs(file.text())])) {
        const name = fields.get('package');
        if (!name) continue;
        records++;
        if (!isInstalled(fields)) continue;
        const found = readPackage(name, fields, file, view, context);
        if (found) yield found;
      }
      if (records === 0 && file.bytes.length > 0) context.problem(file.path, 'no package record in it');
    }
  },
};
export default dpkg;

/** dpkg(1), "package states": the third word. status.d has no Status, what is there is installed. */
function isInstalled(fields: Paragraph): boolean {
  const status = fields.get('status');
  return status === undefined || status.split(/\s+/)[2] === 'installed';
}

function readPackage(
  name: string,
  fields: Paragraph,
  file: KeptFile,
  view: FileView,
  context: CatalogContext,
): Package | undefined {
  const { distro, problem } = context;
  const version = fields.get('version');
  const arch = fields.get('architecture');
  const purl = tryPurl({
    type: 'deb',
    namespace: distro?.id ?? 'debian',
    name,
    version: version ?? null,
    qualifiers: {
      arch,
      distro: distroQualifier(distro),
      upstream: upstream(name, version ?? '', fields.get('source')),
    },
  });
  if (!version || !purl) {
    problem(file.path, version ? `"${name.slice(0, 100)}" is no name` : `${name.slice(0, 100)} has no version`);
    return undefined;
  }
  const list = ownedFiles(name, arch, file, view, context);
  const copyright = view.get(`usr/share/doc/${name}/copyright`);
  const supplier = parseParty(fields.get('maintainer') ?? '');
  const license = readLicense(fields, copyright, context);
  return {
    name,
    version,
    purl,
    ecosystem: 'deb',
    foundBy: 'dpkg',
    ...license,
    ...(supplier ? { supplier } : {}),
    ...(fields.get('homepage') ? { homepage: fields.get('homepage') as string } : {}),
    ...(fields.get('description') ? { description: firstLine(fields.get('description') as string) } : {}),
    dependsOn: [...relations(fields.get('pre-depends')), ...relations(fields.get('depends'))],
    knowsDependencies: true,
    provides: relations(fields.get('provides')),
    ...(list ? { ownsFiles: list.files } : {}),
    confidence: 1,
    evidence: [file.path, ...(list ? [list.path] : []), ...(copyright ? [copyright.path] : [])],
  };
}

function readLicense(
  fields: Paragraph,
  copyright: KeptFile | undefined,
  context: CatalogContext,
): Pick<Package, 'declaredLicense' | 'concludedLicense'> {
  const inline = fields.get('license');
  const stated = inline
    ? { declared: inline, concluded: expressionOf(inline) }
    : copyright && context.once(copyright, () => readCopyright(copyright.text()));
  if (!stated) return {};
  return {
    declaredLicense: stated.declared,
    ...(stated.concluded ? { concludedLicense: stated.concluded } : {}),
  };
}

/** `Source: glibc (2.36-9)`: the source package, with its version where that differs. */
function upstream(name: string, version: string, source: string | undefined): string | undefined {
  const [, of, at] = /^(\S+)(?:\s+\(([^)]+)\))?/.exec(source ?? '') ?? [];
  if (!of || (of === name && (!at || at === version))) return undefined;
  return at && at !== version ? `${of}@${at}` : of;
}

/** `a (>= 1) | b:any, c`: names, alternatives joined by `|`. */
function relations(field: string | undefined): string[] {
  if (!field) return [];
  const clauses = field.split(',').map((clause) =>
    clause
      .split('|')
      .map((name) => name.trim().split(/[\s(:[<]/, 1)[0])
      .filter(Boolean)
      .join('|'),
  );
  return clauses.filter((clause) => clause !== '');
}

function ownedFiles(
  name: string,
  arch: string | undefined,
  file: KeptFile,
  view: FileView,
  { once }: CatalogContext,
): { path: string; files: readonly string[] } | undefined {
  const list = view.get(`${INFO}/${name}.list`) ?? (arch ? view.get(`${INFO}/${name}:${arch}.list`) : undefined);
  if (list) return { path: list.path, files: once(list, () => pathsOf(list.text(), 0)) };
  const sums = file.path.includes('/status.d/') ? view.get(`${file.path}.md5sums`) : undefined;
  return sums && { path: sums.path, files: once(sums, () => pathsOf(sums.text(), 34)) };
}

/** One path a line, after `skip` characters (an MD5 sum and two blanks); `/.` is the root. */
function pathsOf(text: string, skip: number): string[] {
  const paths: string[] = [];
  for (const line of lines(text)) {
    const path = line.slice(skip).replace(/^\.?\/+/, '');
    if (path !== '' && path !== '.') paths.push(path);
  }
  return paths;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] as string).slice(0, 500);
}
