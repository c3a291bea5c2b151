import { parseAssignments } from '../distro.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_RELEASE = 1 << 20;

/** Java runtimes: the `release` file at the root of each says whose it is and how old. */
const jvm: Cataloger = {
  name: 'jvm',
  version: 1,
  isFallback: true,
  files: ['**/release'],
  *catalog(view, context) {
    for (const file of view.match(...jvm.files)) {
      const found = readPackage(file, view, context);
      if (found) yield found;
    }
  },
};
export default jvm;

function readPackage(file: KeptFile, view: FileView, { once }: CatalogContext): Package | undefined {
  // Others have files of this name, too, so one that says nothing is no problem.
  if (file.bytes.length > MAX_RELEASE) return undefined;
  const fields = once(file, () => parseAssignments(file.text()));
  const short = fields.get('JAVA_VERSION');
  if (!short) return undefined;
  const home = file.path.replace(/\/?release$/, '');
  const has = (path: string) => view.has(home === '' ? path : `${home}/${path}`);
  const version = longVersion(fields, short);
  const implementor = fields.get('IMPLEMENTOR') ?? vendorByPath(home);
  const isKit = fields.get('IMAGE_TYPE') === 'JDK' || (fields.get('IMAGE_TYPE') !== 'JRE' && has('bin/javac'));
  const isGraal = fields.has('GRAALVM_VERSION');
  const name = isGraal ? 'graalvm' : isKit ? 'jdk' : 'jre';
  const namespace = implementor
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const purl = tryPurl({ type: 'generic', ...(namespace ? { namespace } : {}), name, version });
  if (!purl) return undefined;
  const source = /\.:git:([0-9a-f]{7,40})/.exec(fields.get('SOURCE') ?? '')?.[1];
  return {
    name,
    version,
    purl,
    ecosystem: 'generic',
    foundBy: 'jvm',
    ...stated({
      supplier: implementor && implementor !== 'N/A' ? { name: implementor } : undefined,
      description: source ? `Java runtime, built from ${source}` : 'Java runtime',
    }),
    confidence: 0.9,
    evidence: [file.path],
  };
}

/** With the build, where it is stated: `17.0.9+9`, `1.8.0_392-b08`. */
function longVersion(fields: ReadonlyMap<string, string>, short: string): string {
  const full = fields.get('JAVA_RUNTIME_VERSION') ?? fields.get('FULL_VERSION') ?? fields.get('SEMANTIC_VERSION');
  return full?.startsWith(short) ? full.replace(/-LTS$|-Ubuntu.*$|-Debian.*$/, '') : short;
}

/** Builds of Java 8 do not say whose they are, but stand in a folder that does. */
function vendorByPath(home: string): string | undefined {
  const [, vendor] = /(zulu|corretto|temurin|dragonwell|liberica|semeru)/i.exec(home) ?? [];
  return vendor?.toLowerCase();
}
