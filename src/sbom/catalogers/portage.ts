import { lines } from '../control-file.ts';
import { distroQualifier } from '../distro.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** Gentoo: `var/db/pkg/<category>/<name>-<version>`, one folder for each package (PMS, "VDB"). */
const portage: Cataloger = {
  name: 'portage',
  version: 1,
  isSystem: true,
  files: ['var/db/pkg/*/*/{CONTENTS,LICENSE,DESCRIPTION,HOMEPAGE,SLOT,RDEPEND,repository}'],
  *catalog(view, context) {
    for (const file of view.match('var/db/pkg/*/*/CONTENTS')) {
      const found = readPackage(file, view, context);
      if (found) yield found;
    }
  },
};
export default portage;

/** PMS 3.2: the version begins behind the last hyphen that a digit follows, a revision included. */
const FOLDER = /^var\/db\/pkg\/([^/]+)\/(.+?)-(\d[^/-]*(?:-r\d+)?)\/CONTENTS$/;

function readPackage(file: KeptFile, view: FileView, context: CatalogContext): Package | undefined {
  const [, category, name, version] = FOLDER.exec(file.path) ?? [];
  if (!category || !name || !version) {
    context.problem(file.path, 'its folder is no <name>-<version>');
    return undefined;
  }
  const beside = (field: string) =>
    view
      .get(file.path.replace(/CONTENTS$/, field))
      ?.text()
      .trim()
      .replace(/\s+/g, ' ');
  const declared = beside('LICENSE');
  const purl = tryPurl({
    type: 'ebuild',
    namespace: category,
    name,
    version,
    qualifiers: { distro: distroQualifier(context.distro), repository: beside('repository') },
  });
  if (!purl) return undefined;
  const license = view.get(file.path.replace(/CONTENTS$/, 'LICENSE'));
  return {
    name: `${category}/${name}`,
    version,
    purl,
    ecosystem: 'ebuild',
    foundBy: 'portage',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && concludedLicense(declared),
      homepage: /^https?:\S+/.exec(beside('HOMEPAGE') ?? '')?.[0],
      description: beside('DESCRIPTION')?.slice(0, 500),
    }),
    dependsOn: dependencies(beside('RDEPEND') ?? ''),
    ownsFiles: context.once(file, () => [...ownedFiles(file.text())]),
    confidence: 1,
    evidence: [file.path, ...(license ? [license.path] : [])],
  };
}

/** `obj /path md5 mtime`, `sym /path -> target mtime`; folders belong to nobody. */
function* ownedFiles(text: string): Iterable<string> {
  for (const line of lines(text)) {
    const path = /^obj \/(.+) [0-9a-f]{32} \d+$/.exec(line)?.[1] ?? /^sym \/(.+?) -> /.exec(line)?.[1];
    if (path) yield path;
  }
}

/** Blanks mean "and", `|| ( a b )` means "one of", names are Gentoo's: `BSD` has three clauses, `BSD-2` two. */
function concludedLicense(text: string): string | undefined {
  if (/[?@]/.test(text)) return undefined;
  const choice = /^\|\| \( ([^()]+) \)$/.exec(text);
  const words = (choice?.[1] ?? text).split(' ').map((word) => GENTOO.get(word) ?? word);
  return words.some((word) => /[()|]/.test(word)) ? undefined : expressionOf(words.join(choice ? ' OR ' : ' AND '));
}

const GENTOO: ReadonlyMap<string, string> = new Map([
  ['BSD', 'BSD-3-Clause'],
  ['BSD-2', 'BSD-2-Clause'],
  ['BSD-4', 'BSD-4-Clause'],
  ['ZLIB', 'Zlib'],
  ['PSF-2', 'Python-2.0'],
  ['Boost-1.0', 'BSL-1.0'],
]);

/** Package atoms as `category/name`: without operators, versions, slots and USE flags. */
function dependencies(text: string): string[] {
  const names = text.split(' ').flatMap((word) => {
    const atom = /^(?:[~<>=]{0,2})([\w+.-]+\/[\w+.-]+)/.exec(word);
    if (word.startsWith('!') || !atom?.[1]) return [];
    return [/^[~<>=]/.test(word) ? atom[1].replace(/-\d[^-]*(?:-r\d+)?$/, '') : atom[1]];
  });
  return [...new Set(names)];
}
