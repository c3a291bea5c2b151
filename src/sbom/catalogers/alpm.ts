import { lines } from '../control-file.ts';
import { distroQualifier } from '../distro.ts';
import { allOf, expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { parseParty } from '../party.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** Arch Linux and its kin: pacman's local database, one folder for each package. */
const alpm: Cataloger = {
  name: 'alpm',
  version: 1,
  isSystem: true,
  files: ['var/lib/pacman/local/*/{desc,files}'],
  *catalog(view, context) {
    for (const file of view.match('var/lib/pacman/local/*/desc')) {
      const found = readPackage(file, view, context);
      if (found) yield found;
    }
  },
};
export default alpm;

/** `%NAME%` and the lines under it, up to an empty one. */
function sections(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines(text)) {
    const name = /^%([A-Z0-9_]+)%$/.exec(line)?.[1];
    if (name) {
      current = [];
      if (!found.has(name)) found.set(name, current);
    } else if (line === '') current = undefined;
    else current?.push(line);
  }
  return found;
}

function readPackage(file: KeptFile, view: FileView, { distro, problem, once }: CatalogContext): Package | undefined {
  const fields = once(file, () => sections(file.text()));
  const first = (name: string) => fields.get(name)?.[0];
  const name = first('NAME');
  const version = first('VERSION');
  const base = first('BASE');
  const purl =
    name &&
    version &&
    tryPurl({
      type: 'alpm',
      namespace: distro?.id ?? 'arch',
      name,
      version,
      qualifiers: {
        arch: first('ARCH'),
        distro: distro && distroQualifier(distro),
        upstream: base === name ? undefined : base,
      },
    });
  if (!name || !version || !purl) {
    problem(file.path, 'a package without name or version');
    return undefined;
  }
  const list = view.get(file.path.replace(/desc$/, 'files'));
  const licenses = fields.get('LICENSE') ?? [];
  return {
    name,
    version,
    purl,
    ecosystem: 'alpm',
    foundBy: 'alpm',
    ...stated({
      declaredLicense: licenses.join(', '),
      concludedLicense: concludedLicense(licenses),
      supplier: parseParty(first('PACKAGER') ?? ''),
      homepage: first('URL'),
      description: first('DESC')?.slice(0, 500),
    }),
    dependsOn: (fields.get('DEPENDS') ?? []).map(withoutVersion),
    knowsDependencies: true,
    provides: (fields.get('PROVIDES') ?? []).map(withoutVersion),
    ...(list ? { ownsFiles: once(list, () => filesOf(list)) } : {}),
    confidence: 1,
    evidence: [file.path, ...(list ? [list.path] : [])],
  };
}

/** Each line is one licence, and all of them hold. Unknown only when every one of them is. */
function concludedLicense(licenses: readonly string[]): string | undefined {
  const expressions = licenses.map(expressionOf);
  return expressions.every((one) => one !== undefined) ? allOf(expressions as string[]) : undefined;
}

/** `libtree-sitter.so=1-64`, `gcc-libs>=12`. */
function withoutVersion(text: string): string {
  return text.split(/[<>=:]/, 1)[0] as string;
}

/** Folders end with a slash. */
function filesOf(list: KeptFile): string[] {
  return (sections(list.text()).get('FILES') ?? []).filter((path) => !path.endsWith('/'));
}
