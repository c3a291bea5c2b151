import { integrityHashes } from '../integrity.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** .NET: what an application was published with (runtime-configuration-file.md, `<app>.deps.json`). */
const dotnet: Cataloger = {
  name: 'dotnet',
  version: 1,
  files: ['**/*.deps.json'],
  *catalog(view, context) {
    for (const file of view.match(...dotnet.files)) {
      const document = context.once(file, () => parseJson(file.text()));
      if (!isRecord(document) || !isRecord(document.libraries)) context.problem(file.path, 'no libraries in it');
      else
        for (const [key, library] of Object.entries(document.libraries)) {
          const found = isRecord(library) ? readPackage(key, library, targetsOf(document), file, context) : undefined;
          if (found) yield found;
        }
    }
  },
};
export default dotnet;

type Fields = Readonly<Record<string, unknown>>;

/** Of the target that the application runs on; a file has one. */
function targetsOf(document: Fields): Fields {
  const [target] = isRecord(document.targets) ? Object.values(document.targets) : [];
  return isRecord(target) ? target : {};
}

function readPackage(
  key: string,
  library: Fields,
  targets: Fields,
  file: KeptFile,
  { problem }: CatalogContext,
): Package | undefined {
  const type = stringOf(library.type);
  // `project` is the application itself, `reference` a file that came with it.
  if (type !== 'package' && type !== 'runtimepack') return undefined;
  const slash = key.indexOf('/');
  const name = key.slice(0, slash).replace(/^runtimepack\./, '');
  const version = key.slice(slash + 1);
  const purl = slash > 0 && version !== '' ? tryPurl({ type: 'nuget', name, version }) : undefined;
  if (!purl) {
    problem(file.path, `"${key.slice(0, 100)}" is no name/version`);
    return undefined;
  }
  const target = targets[key];
  const needed = isRecord(target) && isRecord(target.dependencies) ? target.dependencies : {};
  return {
    name,
    version,
    purl,
    ecosystem: 'nuget',
    foundBy: 'dotnet',
    ...stated({ hashes: integrityHashes(stringOf(library.sha512) ?? '') }),
    dependsOn: Object.entries(needed).flatMap(
      ([name, version]) => tryPurl({ type: 'nuget', name, version: String(version) }) ?? [],
    ),
    knowsDependencies: true,
    confidence: 1,
    evidence: [file.path],
  };
}
