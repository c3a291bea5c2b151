import { isRecord, parseJson, stringOf, stringsOf } from '../json.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, Hash, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** conda, mamba, pixi: a JSON file for each package in an environment's `conda-meta`. */
const conda: Cataloger = {
  name: 'conda',
  version: 1,
  isSystem: true,
  files: ['**/conda-meta/*.json'],
  *catalog(view, context) {
    for (const file of view.match('**/conda-meta/*.json')) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default conda;

function readPackage(file: KeptFile, { problem, once }: CatalogContext): Package | undefined {
  const record = once(file, () => parseJson(file.text()));
  if (!isRecord(record)) {
    problem(file.path, 'no JSON object');
    return undefined;
  }
  const { name, version, build, subdir, channel, url, fn } = record;
  const archive = stringOf(fn) ?? stringOf(url)?.split('/').pop();
  const purl =
    stringOf(name) &&
    stringOf(version) &&
    tryPurl({
      type: 'conda',
      name: stringOf(name) as string,
      version: stringOf(version) as string,
      qualifiers: {
        build: stringOf(build),
        channel: channelName(stringOf(channel), stringOf(url)),
        subdir: stringOf(subdir),
        type: archive?.endsWith('.conda') ? 'conda' : archive?.endsWith('.tar.bz2') ? 'tar.bz2' : undefined,
      },
    });
  // `history` and the state file of an environment lie in the same folder.
  if (!purl) return undefined;
  const declared = stringOf(record.license);
  const prefix = file.path.replace(/conda-meta\/[^/]*$/, '');
  return {
    name: stringOf(name) as string,
    version: stringOf(version) as string,
    purl,
    ecosystem: 'conda',
    foundBy: 'conda',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && expressionOf(declared),
      downloadUrl: /^https?:\/\/[^@]*$/.test(stringOf(url) ?? '') ? stringOf(url) : undefined,
      hashes: hashesOf(stringOf(record.sha256), stringOf(record.md5)),
    }),
    dependsOn: stringsOf(record.depends).map((clause) => clause.split(/[\s=<>!]/, 1)[0] as string),
    knowsDependencies: true,
    ownsFiles: stringsOf(record.files).map((path) => `${prefix}${path}`),
    confidence: 1,
    evidence: [file.path],
  };
}

/** `https://conda.anaconda.org/conda-forge/linux-64` → `conda-forge`, as the purl type has it. */
function channelName(channel: string | undefined, url: string | undefined): string | undefined {
  const path = (channel ?? url ?? '').replace(/^https?:\/\/[^/]+\//, '').replace(/\/+$/, '');
  return path.replace(/\/(?:linux|osx|win)-[^/]+.*$|\/noarch.*$/, '') || undefined;
}

function hashesOf(sha256: string | undefined, md5: string | undefined): Hash[] {
  const hashes: Hash[] = [];
  if (/^[0-9a-f]{64}$/.test(sha256 ?? '')) hashes.push({ algorithm: 'SHA-256', value: sha256 as string });
  if (/^[0-9a-f]{32}$/.test(md5 ?? '')) hashes.push({ algorithm: 'MD5', value: md5 as string });
  return hashes;
}
