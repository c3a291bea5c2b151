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
  const record = once(file, () => parse(file.text()));
  if (!record) {
    problem(file.path, 'no JSON object');
    return undefined;
  }
  const { name, version, build, subdir, channel, url, fn } = record;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const archive = text(fn) ?? text(url)?.split('/').pop();
  const purl =
    text(name) &&
    text(version) &&
    tryPurl({
      type: 'conda',
      name: text(name) as string,
      version: text(version) as string,
      qualifiers: {
        build: text(build),
        channel: channelName(text(channel), text(url)),
        subdir: text(subdir),
        type: archive?.endsWith('.conda') ? 'conda' : archive?.endsWith('.tar.bz2') ? 'tar.bz2' : undefined,
      },
    });
  // `history` and the state file of an environment lie in the same folder.
  if (!purl) return undefined;
  const declared = text(record.license);
  const prefix = file.path.replace(/conda-meta\/[^/]*$/, '');
  return {
    name: text(name) as string,
    version: text(version) as string,
    purl,
    ecosystem: 'conda',
    foundBy: 'conda',
    ...stated({
      declaredLicense: declared,
      concludedLicense: declared && expressionOf(declared),
      downloadUrl: /^https?:\/\/[^@]*$/.test(text(url) ?? '') ? text(url) : undefined,
      hashes: hashesOf(text(record.sha256), text(record.md5)),
    }),
    dependsOn: texts(record.depends).map((clause) => clause.split(/[\s=<>!]/, 1)[0] as string),
    knowsDependencies: true,
    ownsFiles: texts(record.files).map((path) => `${prefix}${path}`),
    confidence: 1,
    evidence: [file.path],
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
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

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
