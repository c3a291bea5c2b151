import { type DocumentOptions, isLazy } from '../document.ts';
import type { Sbom } from '../sbom.ts';
import { cyclonedxMembers } from './cyclonedx.ts';

type Json = Record<string, unknown>;

/** What the items of a list are called; of the lists that are not here, each item has the name of the list. */
const ITEMS: Readonly<Record<string, string>> = {
  assemblies: 'assembly',
  authors: 'author',
  components: 'component',
  compositions: 'composition',
  dependencies: 'dependency',
  externalReferences: 'reference',
  hashes: 'hash',
  licenses: 'license',
  lifecycles: 'lifecycle',
  methods: 'method',
  occurrences: 'occurrence',
  properties: 'property',
};
const ATTRIBUTES: ReadonlySet<string> = new Set(['acknowledgement', 'alg', 'bom-ref', 'ref', 'type']);

/** The SBOM as CycloneDX 1.6 XML, in pieces: the same members as in JSON, which are in the order of the XML schema. */
export function* cyclonedxXml(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  const [[, serial], [, version], ...members] = cyclonedxMembers(sbom, options, '1.6', 'cyclonedx-xml') as [
    [string, string],
    [string, number],
    ...[string, unknown][],
  ];
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"${attribute('serialNumber', serial)}${attribute('version', version)}>\n`;
  for (const [name, value] of members) {
    if (!isLazy(value)) yield `  ${element(name, value)}\n`;
    else {
      yield `  <${name}>\n`;
      for (const item of value) yield `    ${element(ITEMS[name] ?? name, item)}\n`;
      yield `  </${name}>\n`;
    }
  }
  yield '</bom>\n';
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => element(ITEMS[name] ?? name, item)).join('');
    return ITEMS[name] ? `<${name}>${items}</${name}>` : items;
  }
  if (typeof value !== 'object' || value === null) {
    // What compositions are about is named by references.
    if (name === 'assembly' || name === 'dependency') return `<${name}${attribute('ref', value)}/>`;
    return `<${name}>${escapeXml(String(value))}</${name}>`;
  }
  return special(name, value as Json) ?? plainElement(name, value as Json);
}

/** Where the two formats are not of one shape. */
function special(name: string, value: Json): string | undefined {
  if (name === 'hash') return `<hash${attribute('alg', value.alg)}>${escapeXml(String(value.content))}</hash>`;
  if (name === 'property') {
    return `<property${attribute('name', value.name)}>${escapeXml(String(value.value))}</property>`;
  }
  if (name === 'dependency') {
    const inner = (value.dependsOn as readonly string[]).map((ref) => `<dependency${attribute('ref', ref)}/>`);
    return `<dependency${attribute('ref', value.ref)}>${inner.join('')}</dependency>`;
  }
  if (name !== 'license') return undefined;
  const { expression, acknowledgement, license } = value;
  if (license) return plainElement('license', license as Json);
  if (expression === undefined) return undefined;
  return `<expression${attribute('acknowledgement', acknowledgement)}>${escapeXml(String(expression))}</expression>`;
}

function plainElement(name: string, value: Json): string {
  let attributes = '';
  let children = '';
  for (const [key, inner] of Object.entries(value)) {
    if (ATTRIBUTES.has(key)) attributes += attribute(key, inner);
    else children += element(key, inner);
  }
  return `<${name}${attributes}>${children}</${name}>`;
}

function attribute(name: string, value: unknown): string {
  return value === undefined ? '' : ` ${name}="${escapeXml(String(value)).replaceAll('"', '&quot;')}"`;
}

/** XML 1.0, §2.2: what is no character of XML becomes the replacement character. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>]/g, (found) => (found === '&' ? '&amp;' : found === '<' ? '&lt;' : '&gt;'))
    .replace(/[\t\n\r]/g, (found) => `&#${found.charCodeAt(0)};`);
}
