import { isRecord, parseJson, stringOf } from '../json.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

/** What Bitnami's images are put together from: one file that names each component; their SBOMs are read as others are. */
const bitnami: Cataloger = {
  name: 'bitnami',
  version: 1,
  files: ['opt/bitnami/.bitnami_components.json'],
  *catalog(view, { problem, once }) {
    for (const file of view.match(...bitnami.files)) {
      const components = once(file, () => parseJson(file.text()));
      if (!isRecord(components)) problem(file.path, 'no list of components');
      for (const [name, fields] of Object.entries(isRecord(components) ? components : {})) {
        const found = isRecord(fields) ? toPackage(name, fields, file.path) : undefined;
        if (found) yield found;
      }
    }
  },
};
export default bitnami;

function toPackage(name: string, fields: Record<string, unknown>, path: string): Package | undefined {
  const version = stringOf(fields.version);
  const purl = tryPurl({
    type: 'bitnami',
    name,
    version: version ?? null,
    qualifiers: { arch: stringOf(fields.arch), distro: stringOf(fields.distro) },
  });
  if (!version || !purl) return undefined;
  return { name, version, purl, ecosystem: 'bitnami', foundBy: 'bitnami', confidence: 1, evidence: [path] };
}
