import { isRecord, parseJson, stringOf, stringsOf } from '../json.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** Perl distributions that cpanm or carton installed: what they write down of each in `.meta` (cpanm, "install.json"). */
const perl: Cataloger = {
  name: 'perl',
  version: 1,
  files: ['**/.meta/*/{install,MYMETA}.json'],
  *catalog(view, context) {
    for (const file of view.match('**/.meta/*/install.json')) {
      const found = readPackage(file, view, context);
      if (found) yield found;
    }
  },
};
export default perl;

function readPackage(file: KeptFile, view: FileView, { problem, once }: CatalogContext): Package | undefined {
  const record = once(file, () => parseJson(file.text()));
  // A/AU/AUTHOR/Dist-Name-1.0.tar.gz, as CPAN has it.
  const [, author] =
    /^[A-Z]\/[A-Z][A-Z0-9-]\/([A-Z][A-Z0-9-]+)\//.exec((isRecord(record) && stringOf(record.pathname)) || '') ?? [];
  const whole = isRecord(record) ? stringOf(record.dist) : undefined;
  const [, name, version] = /^(.+?)-v?(\d[\w.]*)(?:-TRIAL)?$/.exec(whole ?? '') ?? [];
  const purl = author && name && version && tryPurl({ type: 'cpan', namespace: author, name, version });
  if (!isRecord(record) || !name || !version || !purl) {
    problem(file.path, 'no distribution of CPAN in it');
    return undefined;
  }
  const meta = view.get(file.path.replace(/install\.json$/, 'MYMETA.json'));
  const told = meta && once(meta, () => parseJson(meta.text()));
  const fields = isRecord(told) ? told : {};
  const licenses = stringsOf(fields.license).filter((one) => one !== 'unknown');
  const needed = dig(fields, 'prereqs', 'runtime', 'requires');
  return {
    name,
    version,
    purl,
    ecosystem: 'cpan',
    foundBy: 'perl',
    ...stated({
      declaredLicense: licenses.join(' OR '),
      concludedLicense: expressionOf(licenses.map((one) => LICENSES.get(one) ?? one).join(' OR ')),
      supplier: stringsOf(fields.author)[0]
        ? { name: (stringsOf(fields.author)[0] as string).replace(/\s*<.*/, '') }
        : undefined,
      description: stringOf(fields.abstract)?.slice(0, 500),
    }),
    dependsOn: Object.keys(needed).filter((one) => one !== 'perl'),
    // Requirements name modules; a distribution answers for each of its own.
    provides: Object.keys(isRecord(record.provides) ? record.provides : {}),
    confidence: 1,
    evidence: [file.path, ...(meta ? [meta.path] : [])],
  };
}

/** CPAN::Meta::Spec, "license". */
const LICENSES: ReadonlyMap<string, string> = new Map([
  ['perl_5', '(Artistic-1.0-Perl OR GPL-1.0-or-later)'],
  ['apache_2_0', 'Apache-2.0'],
  ['artistic_2', 'Artistic-2.0'],
  ['bsd', 'BSD-3-Clause'],
  ['mit', 'MIT'],
  ['gpl_2', 'GPL-2.0-only'],
  ['gpl_3', 'GPL-3.0-only'],
  ['lgpl_2_1', 'LGPL-2.1-only'],
]);

function dig(value: unknown, ...keys: readonly string[]): Readonly<Record<string, unknown>> {
  let at = value;
  for (const key of keys) at = isRecord(at) ? at[key] : undefined;
  return isRecord(at) ? at : {};
}
