import { isRecord, parseJson, stringOf } from '../json.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

const SPECS = '**/.spack/spec.json';
const MAX_NODES = 2000;

/** Spack: beside each installed package the specification that it was built from (spack.readthedocs.io, "spec.json"). */
const spack: Cataloger = {
  name: 'spack',
  version: 1,
  files: [SPECS],
  *catalog(view, context) {
    for (const file of view.match(SPECS)) {
      const found = readPackage(file, context);
      if (found) yield found;
    }
  },
};
export default spack;

function readPackage(file: KeptFile, { problem, once }: CatalogContext): Package | undefined {
  const record = once(file, () => parseJson(file.text()));
  const spec = isRecord(record) && isRecord(record.spec) ? record.spec : {};
  const nodes = Array.isArray(spec.nodes) ? spec.nodes.slice(0, MAX_NODES).filter(isRecord) : [];
  // The package itself is the first; what it was built from follows.
  const [own] = nodes;
  const purl = own && purlOf(own);
  if (!own || !purl) {
    problem(file.path, 'no specification of Spack');
    return undefined;
  }
  const byHash = new Map(nodes.map((node) => [stringOf(node.hash), node]));
  const needed = (Array.isArray(own.dependencies) ? own.dependencies : []).filter(isRecord).flatMap((one) => {
    const node = byHash.get(stringOf(one.hash));
    return node && isOfRuntime(one) ? [purlOf(node)] : [];
  });
  return {
    name: stringOf(own.name) as string,
    version: stringOf(own.version) as string,
    purl,
    ecosystem: 'spack',
    foundBy: 'spack',
    dependsOn: needed.filter((one) => one !== undefined),
    confidence: 1,
    evidence: [file.path],
  };
}

function purlOf(node: Record<string, unknown>): string | undefined {
  const name = stringOf(node.name);
  const version = stringOf(node.version);
  return name && version
    ? tryPurl({ type: 'spack', name, version, qualifiers: { hash: stringOf(node.hash) } })
    : undefined;
}

/** `type: ["build", "link", "run"]`, since version 4 below `parameters.deptypes`. */
function isOfRuntime(one: Record<string, unknown>): boolean {
  const types = isRecord(one.parameters) ? one.parameters.deptypes : one.type;
  return !Array.isArray(types) || types.some((type) => type === 'link' || type === 'run');
}
