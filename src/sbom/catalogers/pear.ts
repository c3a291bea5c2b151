import { parsePhp } from '../formats/php-serialize.ts';
import { isRecord, stringOf } from '../json.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_REGISTRY = 8 << 20;

/** PHP extensions and libraries that PEAR and PECL installed: one serialised record for each. */
const pear: Cataloger = {
  name: 'pear',
  version: 1,
  files: ['**/php/.registry/{,.channel.*/}*.reg'],
  *catalog(view, context) {
    for (const file of view.match(...pear.files)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default pear;

function readPackage(file: KeptFile, { problem, once }: CatalogContext): Package | undefined {
  const record = once(file, () => (file.bytes.length > MAX_REGISTRY ? undefined : parsePhp(file.bytes)));
  if (!isRecord(record)) {
    problem(file.path, 'no serialised record of PHP');
    return undefined;
  }
  // Version 1 of package.xml has its fields plain, version 2 as arrays with attributes.
  const name = stringOf(record.name) ?? stringOf(record.package);
  const version = stringOf(record.version) ?? (isRecord(record.version) ? stringOf(record.version.release) : undefined);
  const channel = stringOf(record.channel) ?? /\.channel\.([^/]+)\//.exec(file.path)?.[1] ?? 'pear.php.net';
  const purl = name && version && tryPurl({ type: 'pear', namespace: channel, name, version });
  if (!name || !version || !purl) {
    problem(file.path, 'no name and version in it');
    return undefined;
  }
  const license = isRecord(record.license) ? record.license : { _content: record.license };
  const declared = stringOf(license._content);
  const lead = isRecord(record.lead) ? (isRecord(record.lead['0']) ? record.lead['0'] : record.lead) : {};
  const files = isRecord(record.filelist) ? Object.values(record.filelist) : [];
  const author = stringOf(lead.name);
  const email = stringOf(lead.email);
  return {
    name,
    version,
    purl,
    ecosystem: 'pear',
    foundBy: 'pear',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && expressionOf(PHP_LICENSES.get(declared) ?? declared),
      supplier: author ? { name: author, ...(email?.includes('@') ? { email } : {}) } : undefined,
      description: stringOf(record.summary)?.slice(0, 500),
      ownsFiles: files
        .map((one) => (isRecord(one) ? stringOf(one.installed_as) : undefined))
        .filter((path) => path !== undefined)
        .map((path) => path.replace(/^\/+/, '')),
    }),
    confidence: 1,
    evidence: [file.path],
  };
}

const PHP_LICENSES: ReadonlyMap<string, string> = new Map([
  ['PHP', 'PHP-3.01'],
  ['PHP License', 'PHP-3.01'],
  ['PHP 3.01', 'PHP-3.01'],
  ['BSD License', 'LicenseRef-BSD'],
]);
