import { controlParagraphs } from '../control-file.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { parseParty } from '../party.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_DESCRIPTION = 1 << 20;

/** R packages ("Writing R Extensions", 1.1.1): the DESCRIPTION of each, which says `Built` once it is installed. */
const r: Cataloger = {
  name: 'r',
  version: 1,
  files: ['**/DESCRIPTION'],
  *catalog(view, context) {
    for (const file of view.match(...r.files)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default r;

function readPackage(file: KeptFile, { once }: CatalogContext): Package | undefined {
  // Others have files of this name, too, so one that says nothing is no problem.
  if (file.bytes.length > MAX_DESCRIPTION) return undefined;
  const [fields] = once(file, () => [...controlParagraphs(file.text())].slice(0, 1));
  const name = fields?.get('package');
  const version = fields?.get('version');
  const purl = name && version && tryPurl({ type: 'cran', name, version });
  if (!fields || !name || !version || !purl) return undefined;
  // Sources of a package are no package that is installed; nor are R's own translations, to `installed.packages()`.
  if (!fields.has('built')) return undefined;
  const declared = fields.get('license');
  return {
    name,
    version,
    purl,
    ecosystem: 'cran',
    foundBy: 'r',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && concludedLicense(declared),
      supplier: parseParty(fields.get('maintainer') ?? ''),
      homepage: /https?:\/\/[^\s,]+/.exec(fields.get('url') ?? '')?.[0],
      description: fields.get('title')?.slice(0, 500),
    }),
    dependsOn: ['depends', 'imports', 'linkingto'].flatMap((field) => names(fields.get(field))),
    knowsDependencies: true,
    confidence: 1,
    evidence: [file.path],
  };
}

/** `GPL (>= 2) | MIT + file LICENSE`: the file only fills in names and years. */
function concludedLicense(text: string): string | undefined {
  const parts = text.split('|').map((part) => {
    const one = part.replace(/\+\s*file\s+LICEN[CS]E/i, '').trim();
    const [, name, version] = /^(A?GPL|LGPL)\s*\(>=\s*(\d(?:\.\d)*)\)$/.exec(one) ?? [];
    return name ? `${name}-${version}+` : one;
  });
  return expressionOf(parts.join(' | '));
}

/** `R (>= 3.5), methods, Rcpp` without R itself. */
function names(field: string | undefined): string[] {
  const words = (field ?? '').split(',').map((clause) => clause.trim().split(/[\s(]/, 1)[0] as string);
  return words.filter((word) => word !== '' && word !== 'R');
}
