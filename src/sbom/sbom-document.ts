import { isRecord, parseJson, stringOf } from './json.ts';
import { expressionOf } from './license.ts';
import type { Package } from './package.ts';
import { parsePurl, tryPurl } from './purl.ts';
import { stated } from './stated.ts';

const MAX_DOCUMENT = 64 << 20;
const MAX_COMPONENTS = 100_000;
/** Kinds that say where something comes from, not what is installed. */
const NO_PACKAGE = new Set(['oci', 'docker', 'github', 'gitlab', 'bitbucket', 'generic', 'swid']);

type Fields = Readonly<Record<string, unknown>>;

/** A package as somebody's document tells of it. */
export type Told = Omit<Package, 'foundBy' | 'confidence' | 'evidence'>;

/** The packages of an SBOM in JSON, CycloneDX 1.x or SPDX 2.x; undefined when it is neither, or larger than is read. */
export function readSbomDocument(text: string): Told[] | undefined {
  const document = text.length > MAX_DOCUMENT ? undefined : parseJson(text);
  if (!isRecord(document)) return undefined;
  if (document.bomFormat === 'CycloneDX') return [...cyclonedxPackages(document)];
  return stringOf(document.spdxVersion) ? [...spdxPackages(document)] : undefined;
}

/** SPDX 2.x. What something was generated from is its source, and not installed. */
function* spdxPackages(document: Fields): Iterable<Told> {
  const relations = records(document.relationships).map((one) => ({
    from: stringOf(one.spdxElementId) ?? '',
    type: stringOf(one.relationshipType) ?? '',
    to: stringOf(one.relatedSpdxElement) ?? '',
  }));
  const sources = new Set(relations.filter(({ type }) => type === 'GENERATED_FROM').map(({ to }) => to));
  const needs = relations.filter(({ type }) => type === 'DEPENDS_ON').map(({ from, to }) => [from, to] as const);
  const packages = records(document.packages).filter(({ SPDXID }) => !sources.has(stringOf(SPDXID) ?? ''));
  const stated = packages.map((one): Described => {
    const reference = records(one.externalRefs).find(({ referenceType }) => referenceType === 'purl');
    return {
      id: stringOf(one.SPDXID) ?? '',
      purl: stringOf(reference?.referenceLocator),
      license: [one.licenseDeclared, one.licenseConcluded]
        .map(stringOf)
        .find((text) => text && !/^NO(?:NE|ASSERTION)$/.test(text)),
      supplier: stringOf(one.supplier)?.replace(/^(?:Organization|Person): /, ''),
    };
  });
  yield* toldOf(stated, needs);
}

/** CycloneDX 1.x, components in components included. */
function* cyclonedxPackages(document: Fields): Iterable<Told> {
  const waiting = records(document.components).reverse();
  const stated: Described[] = [];
  while (waiting.length > 0 && stated.length < MAX_COMPONENTS) {
    const one = waiting.pop() as Fields;
    for (const inner of records(one.components).reverse()) waiting.push(inner);
    const [choice] = records(one.licenses);
    const license = isRecord(choice?.license) ? choice.license : {};
    stated.push({
      id: stringOf(one['bom-ref']) ?? '',
      purl: stringOf(one.purl),
      license: stringOf(choice?.expression) ?? stringOf(license.id) ?? stringOf(license.name),
      supplier: isRecord(one.supplier) ? stringOf(one.supplier.name) : stringOf(one.publisher),
    });
  }
  const needs = records(document.dependencies).flatMap(({ ref, dependsOn }) =>
    Array.isArray(dependsOn) ? dependsOn.map((to) => [stringOf(ref) ?? '', stringOf(to) ?? ''] as const) : [],
  );
  yield* toldOf(stated, needs);
}

interface Described {
  readonly id: string;
  readonly purl: string | undefined;
  readonly license: string | undefined;
  readonly supplier: string | undefined;
}

function* toldOf(described: readonly Described[], needs: readonly (readonly [string, string])[]): Iterable<Told> {
  const purls = new Map(described.slice(0, MAX_COMPONENTS).map(({ id, purl }) => [id, purl && canonical(purl)]));
  const edges = new Map<string, string[]>();
  for (const [from, to] of needs) {
    const target = purls.get(to);
    const list = edges.get(from);
    if (list && target) list.push(target);
    else if (target) edges.set(from, [target]);
  }
  for (const { id, license, supplier } of described.slice(0, MAX_COMPONENTS)) {
    const purl = purls.get(id);
    const parts = purl ? parsePurl(purl) : undefined;
    if (!purl || !parts?.version || NO_PACKAGE.has(parts.type)) continue;
    yield {
      name:
        parts.namespace && /^(?:npm|golang|composer)$/.test(parts.type)
          ? `${parts.namespace}/${parts.name}`
          : parts.name,
      version: parts.version,
      purl,
      ecosystem: parts.type,
      ...stated({
        declaredLicense: license,
        concludedLicense: license && expressionOf(license),
        supplier: supplier ? { name: supplier.slice(0, 200) } : undefined,
      }),
      dependsOn: edges.get(id) ?? [],
    };
  }
}

/** As we write it, so that what is the same is the same. Undefined when it is no purl. */
function canonical(text: string): string | undefined {
  try {
    return tryPurl(parsePurl(text));
  } catch {
    return undefined;
  }
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
