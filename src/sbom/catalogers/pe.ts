import { readExecutable } from '../formats/executable.ts';
import { readPeVersion } from '../formats/pe-version.ts';
import { isRecord, parseJson } from '../json.ts';
import type { CatalogContext, Cataloger, FileView, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const NAME = /(?:^|\/)([^/]+)\.(?:exe|dll)$/i;

/** Launchers for Windows that pip and others bring everywhere are part of the distribution they came with. */
const IN_WHEEL = /\/(?:site|dist)-packages\//;

/**
 * Windows programs and .NET assemblies by their version resource, where no `.deps.json` accounts for them. The name of a
 * file is no package of NuGet, so none is claimed.
 */
const pe: Cataloger = {
  name: 'pe',
  version: 2,
  isFallback: true,
  files: ['**/*.deps.json'],
  reader: {
    wants: ({ path, size }) => size > 1024 && /^\.(?:exe|dll)$/i.test(path.slice(-4)) && !IN_WHEEL.test(path),
    accepts: (head) => head[0] === 0x4d && head[1] === 0x5a,
    read(bytes, _, once) {
      const executable = once(readExecutable);
      return executable && readPeVersion(bytes, executable);
    },
  },
  *catalog(view, context) {
    const accounted = accountedFiles(view, context);
    for (const { path, value } of view.readings<Readonly<Record<string, string>>>('pe')) {
      const found = accounted.has(path.toLowerCase()) ? undefined : toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default pe;

/** Paths, in small letters, of what the `.deps.json` beside it lists by its file name. */
function accountedFiles(view: FileView, { once }: CatalogContext): Set<string> {
  const paths = new Set<string>();
  for (const file of view.match(...pe.files)) {
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    const [, application = ''] = /([^/]+)\.deps\.json$/.exec(file.path) ?? [];
    const listed = once(file, () => listedFiles(parseJson(file.text())));
    for (const name of [...listed, `${application}.dll`, `${application}.exe`])
      paths.add(`${folder}${name}`.toLowerCase());
  }
  return paths;
}

/** `runtime`, `native` and `resources` of each library of each target; satellite assemblies stand in a folder of their culture. */
function listedFiles(document: unknown): string[] {
  const targets = isRecord(document) && isRecord(document.targets) ? Object.values(document.targets) : [];
  const libraries = targets.filter(isRecord).flatMap((target) => Object.values(target).filter(isRecord));
  return libraries.flatMap((library) =>
    ['runtime', 'native', 'resources'].flatMap((kind) => {
      const files = library[kind];
      return isRecord(files)
        ? Object.keys(files).map((path) =>
            path
              .split('/')
              .slice(kind === 'resources' ? -2 : -1)
              .join('/'),
          )
        : [];
    }),
  );
}

function toPackage(texts: Readonly<Record<string, string>>, path: string): Package | undefined {
  const [, name = ''] = NAME.exec(path) ?? [];
  const version = [texts.ProductVersion, texts.FileVersion]
    .map((text) => /^v?(\d+(?:[.,]\s?\d+)*(?:-[\w.]+)?)/.exec(text ?? '')?.[1]?.replace(/,\s?/g, '.'))
    .find(Boolean);
  const purl = version && tryPurl({ type: 'generic', name, version });
  if (!version || !purl) return undefined;
  return {
    name,
    version,
    purl,
    ecosystem: 'generic',
    foundBy: 'pe',
    ...stated({
      supplier: texts.CompanyName ? { name: texts.CompanyName } : undefined,
      description: texts.FileDescription ?? texts.ProductName,
    }),
    confidence: 0.5,
    evidence: [path],
  };
}
