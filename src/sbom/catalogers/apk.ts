import { lines } from '../control-file.ts';
import { distroQualifier } from '../distro.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { parseParty } from '../party.ts';
import { tryPurl } from '../purl.ts';

const MAX_FIELD = 65_536;

/** Alpine, Wolfi, Chainguard: apk's installed database (apk-package(5)); apk-tools 3 keeps it under usr. */
const apk: Cataloger = {
  name: 'apk',
  version: 1,
  isSystem: true,
  files: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
  *catalog(view, context) {
    for (const file of view.match(...apk.files)) {
      let records = 0;
      for (const record of context.once(file, () => [...readRecords(file.text())])) {
        const found = readPackage(record, file, context);
        if (!found) continue;
        records++;
        yield found;
      }
      if (records === 0 && file.bytes.length > 0) context.problem(file.path, 'no package record in it');
    }
  },
};
export default apk;

interface InstalledRecord {
  /** One-letter fields; of a repeated one the first counts. */
  readonly fields: Map<string, string>;
  readonly files: string[];
}

function* readRecords(text: string): Iterable<InstalledRecord> {
  let record: InstalledRecord = { fields: new Map(), files: [] };
  let directory = '';
  for (const line of lines(text)) {
    if (line === '') {
      if (record.fields.size > 0) yield record;
      record = { fields: new Map(), files: [] };
      directory = '';
    } else if (line[1] === ':') {
      const key = line[0] as string;
      const value = line.slice(2, 2 + MAX_FIELD);
      if (key === 'F') directory = value;
      else if (key === 'R') record.files.push(directory === '' ? value : `${directory}/${value}`);
      else if (!record.fields.has(key)) record.fields.set(key, value);
    }
  }
  if (record.fields.size > 0) yield record;
}

function readPackage({ fields, files }: InstalledRecord, file: KeptFile, context: CatalogContext): Package | undefined {
  const name = fields.get('P');
  const version = fields.get('V');
  const { distro } = context;
  const origin = fields.get('o');
  const purl = tryPurl({
    type: 'apk',
    namespace: distro?.id ?? 'alpine',
    name: name ?? '',
    version: version ?? null,
    qualifiers: {
      arch: fields.get('A'),
      distro: distroQualifier(distro),
      upstream: origin === name ? undefined : origin,
    },
  });
  if (!name || !version || !purl) {
    if (name) context.problem(file.path, `no identity in the record of "${name.slice(0, 100)}"`);
    return undefined;
  }
  const declared = fields.get('L')?.trim();
  const concluded = declared && expressionOf(declared);
  const supplier = parseParty(fields.get('m') ?? '');
  return {
    name,
    version,
    purl,
    ecosystem: 'apk',
    foundBy: 'apk',
    ...(declared ? { declaredLicense: declared } : {}),
    ...(concluded ? { concludedLicense: concluded } : {}),
    ...(supplier ? { supplier } : {}),
    ...(fields.get('U') ? { homepage: fields.get('U') as string } : {}),
    ...(fields.get('T') ? { description: (fields.get('T') as string).slice(0, 500) } : {}),
    dependsOn: names(fields.get('D')),
    knowsDependencies: true,
    provides: names(fields.get('p')),
    ownsFiles: files,
    confidence: 1,
    evidence: [file.path],
  };
}

/** `so:libc.musl-x86_64.so.1=1 !conflict cmd:sh`: names without version; a `!` is a conflict. */
function names(field: string | undefined): string[] {
  const words = (field ?? '').split(/\s+/).filter((word) => word !== '' && !word.startsWith('!'));
  return words.map((word) => word.split(/[=<>~@]/, 1)[0] as string).filter(Boolean);
}
