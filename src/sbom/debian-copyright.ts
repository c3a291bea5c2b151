import { controlParagraphs } from './control-file.ts';
import { allOf, expressionOf, licenseRef, licenseRefs } from './license.ts';
import { licensesInText } from './license-text.ts';

const MAX_TEXT = 1 << 20;
const MAX_LICENSES = 200;

export interface StatedLicense {
  /** Names as stated, distinct, joined by `, `. */
  readonly declared: string;
  /** SPDX expression that all of them together mean. */
  readonly concluded?: string;
}

/**
 * Licences of a Debian package from its `usr/share/doc/<package>/copyright`: the `License` fields of the
 * machine-readable format (copyright-format 1.0), else the mentions of `/usr/share/common-licenses` and the licences
 * whose texts are in it. Undefined when the file says none of that in a way that can be read.
 */
export function readCopyright(text: string): StatedLicense | undefined {
  const bounded = text.slice(0, MAX_TEXT);
  const stated = /^(?:Files|Format(?:-Specification)?|License):/im.test(bounded) ? machineReadable(bounded) : [];
  return together(stated.length > 0 ? stated : [...mentions(bounded), ...textsBeside(bounded)].map((name) => [name]));
}

/** Of GNU's licences the mentions tell more: the texts of Debian's own files are not in it. */
function textsBeside(text: string): string[] {
  const found = licensesInText(text);
  return mentions(text).length > 0 ? found.filter((id) => !/GPL-/.test(id)) : found;
}

/**
 * First lines of the License fields. A paragraph that has Files or is the header says what holds; the others are texts,
 * which tell what a name means that nobody else knows.
 */
function machineReadable(text: string): Named[] {
  const uses: string[] = [];
  const texts = new Map<string, string>();
  for (const paragraph of controlParagraphs(text)) {
    const field = paragraph.get('license') ?? '';
    const name = field.split('\n', 1)[0]?.trim();
    if (!name || !isShortName(name)) continue;
    if (paragraph.has('files')) uses.push(name);
    if (!paragraph.has('files') || field.includes('\n')) texts.set(name, field);
  }
  const names = uses.length > 0 ? uses : [...texts.keys()];
  return names.map((name) => [name, meaning(name, texts.get(name))]);
}

/** A name of the packager's own (`BSD-3-clause-beniget`) is the licence whose words its text has. */
function meaning(name: string, text: string | undefined): string | undefined {
  const known = expressionOf(name);
  if (!text || (known !== undefined && licenseRefs(known).length === 0)) return undefined;
  const [only, ...others] = licensesInText(text);
  return others.length === 0 ? only : undefined;
}

/** Short names have no blanks but in `with … exception` (§7.2); older files have prose after `License:`. */
function isShortName(text: string): boolean {
  const names = text.split(/,? (?:and|or) |, /i);
  return text.length <= 300 && names.every((name) => /^\(?[^\s]+(?: with [^.]+)?\)?$/i.test(name));
}

/** `/usr/share/common-licenses/GPL-2`; whether "any later version" holds is said in the lines before it. */
function mentions(text: string): string[] {
  const names: string[] = [];
  for (const match of text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z]+(?:-\d+(?:\.\d+)?)?)/g)) {
    const name = match[1] as string;
    const before = text.slice(Math.max(0, match.index - 1500), match.index).replace(/\s+/g, ' ');
    names.push(name.includes('GPL') || name.includes('GFDL') ? withVersion(name, before) : name);
    if (names.length >= MAX_LICENSES) break;
  }
  return names;
}

const VERSIONS: Readonly<Record<string, RegExp>> = {
  GPL: /version ([123])(?![.\d])/gi,
  LGPL: /version (2\.1|[23])(?![.\d])/gi,
  GFDL: /version (1\.[123])(?![.\d])/gi,
};

function withVersion(name: string, before: string): string {
  // An unversioned name is a link to whatever is newest; the text before it names the version that is meant.
  const stated = name.includes('-') ? [] : [...before.matchAll(VERSIONS[name] ?? /$^/g)];
  const version = stated.at(-1)?.[1];
  const full = version ? `${name}-${version}` : name;
  return full.includes('-') && /any later version/i.test(before) ? `${full}+` : full;
}

/** A name as stated, and the SPDX id of what its text says, where the name alone says nothing. */
type Named = readonly [name: string, meaning?: string | undefined];

function together(named: readonly Named[]): StatedLicense | undefined {
  const distinct = [...new Map(named.map(([name, meaning]) => [name, meaning] as const))].slice(0, MAX_LICENSES);
  if (distinct.length === 0) return undefined;
  const parts = distinct.map(([name, meaning]) => meaning ?? expressionOf(name) ?? licenseRef(name));
  const concluded = parts.every((part) => part !== undefined) ? allOf(parts as string[]) : undefined;
  return { declared: distinct.map(([name]) => name).join(', '), ...(concluded ? { concluded } : {}) };
}
