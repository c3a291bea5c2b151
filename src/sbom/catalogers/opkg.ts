import { controlParagraphs, lines, type Paragraph } from '../control-file.ts';
import { distroQualifier } from '../distro.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { parseParty } from '../party.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const STATUS = ['{usr,var}/lib/opkg/status', 'opt/lib/opkg/status'];
const LISTS = ['{usr,var}/lib/opkg/info/*.{list,control}', 'opt/lib/opkg/info/*.{list,control}'];

/** OpenWrt, Yocto: opkg, a small dpkg. What an image has no status of, its control files still tell. */
const opkg: Cataloger = {
  name: 'opkg',
  version: 1,
  isSystem: true,
  files: [...STATUS, ...LISTS],
  *catalog(view, context) {
    const seen = new Set<string>();
    for (const file of [...view.match(...STATUS), ...view.match('**/lib/opkg/info/*.control')]) {
      for (const fields of context.once(file, () => [...controlParagraphs(file.text())])) {
        const found = isInstalled(fields) ? readPackage(fields, file, view, context) : undefined;
        if (found && !seen.has(found.name)) yield found;
        if (found) seen.add(found.name);
      }
    }
  },
};
export default opkg;

/** As dpkg: want, flags, state. A control file has no Status. */
function isInstalled(fields: Paragraph): boolean {
  const status = fields.get('status');
  return status === undefined || status.split(/\s+/)[2] === 'installed';
}

function readPackage(fields: Paragraph, file: KeptFile, view: FileView, context: CatalogContext): Package | undefined {
  const name = fields.get('package');
  const version = fields.get('version');
  const purl =
    name &&
    version &&
    tryPurl({
      type: 'opkg',
      name,
      version,
      qualifiers: { arch: fields.get('architecture'), distro: distroQualifier(context.distro) },
    });
  if (!name || !version || !purl) {
    if (name) context.problem(file.path, `${name.slice(0, 100)} has no version`);
    return undefined;
  }
  const declared = fields.get('license');
  const list = view.get(`${file.path.replace(/\/(?:status|info\/[^/]*)$/, '')}/info/${name}.list`);
  return {
    name,
    version,
    purl,
    ecosystem: 'opkg',
    foundBy: 'opkg',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && expressionOf(declared),
      supplier: parseParty(fields.get('maintainer') ?? ''),
      homepage: fields.get('homepage') ?? fields.get('url'),
      description: fields.get('description')?.split('\n', 1)[0]?.slice(0, 500),
    }),
    dependsOn: names(fields.get('depends')),
    knowsDependencies: true,
    provides: names(fields.get('provides')),
    ...(list
      ? { ownsFiles: context.once(list, () => [...lines(list.text())].map((path) => path.replace(/^\/+/, ''))) }
      : {}),
    confidence: 1,
    evidence: [file.path, ...(list ? [list.path] : [])],
  };
}

/** `libc, zlib (>= 1.2)`. */
function names(field: string | undefined): string[] {
  return (field ?? '')
    .split(',')
    .map((clause) => clause.trim().split(/[\s(]/, 1)[0] as string)
    .filter(Boolean);
}
