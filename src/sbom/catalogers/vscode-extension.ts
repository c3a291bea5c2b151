import { isRecord, parseJson, stringOf } from '../json.ts';
import { npmLicense, npmRepository } from '../npm-manifest.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** Where editors of that kind keep what is installed: `<publisher>.<name>-<version>[-<platform>]`. */
const MANIFESTS = '**/extensions/*.*-*/package.json';
const FOLDER =
  /\/([^/.]+)\.([^/]+?)-(\d+\.\d+\.\d+[^/]*?)(?:-(universal|(?:linux|alpine|darwin|win32|web)(?:-\w+)?))?\/package\.json$/;

/** Extensions of Visual Studio Code and its kin (code-server, dev containers), by their manifests. */
const vscodeExtension: Cataloger = {
  name: 'vscode-extension',
  version: 1,
  files: [MANIFESTS],
  *catalog(view, context) {
    for (const file of view.match(MANIFESTS)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default vscodeExtension;

function readPackage(file: KeptFile, { once }: CatalogContext): Package | undefined {
  const manifest = once(file, () => parseJson(file.text()));
  const engines = isRecord(manifest) && isRecord(manifest.engines) ? manifest.engines : {};
  // Others have folders of such names, too.
  if (!isRecord(manifest) || stringOf(engines.vscode) === undefined) return undefined;
  const [, , , , platform] = FOLDER.exec(file.path) ?? [];
  const publisher = stringOf(manifest.publisher);
  const name = stringOf(manifest.name);
  const version = stringOf(manifest.version);
  const purl =
    publisher &&
    name &&
    version &&
    tryPurl({
      type: 'vscode-extension',
      namespace: publisher,
      name,
      version,
      qualifiers: { platform: platform === 'universal' ? undefined : platform },
    });
  if (!publisher || !name || !version || !purl) return undefined;
  return {
    name: `${publisher}.${name}`,
    version,
    purl,
    ecosystem: 'vscode-extension',
    foundBy: 'vscode-extension',
    ...npmLicense(manifest),
    ...stated({
      supplier: { name: publisher },
      description: stringOf(manifest.description)?.slice(0, 500),
      sourceUrl: npmRepository(manifest.repository),
    }),
    confidence: 1,
    evidence: [file.path],
  };
}
