import { controlParagraphs } from './control-file.ts';
import { allOf, expressionOf, licenseRef } from './license.ts';

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
 * machine-readable format (copyright-format 1.0), else the mentions of `/usr/share/common-licenses`.
 * Undefined when the file says neither in a way that can be read.
 */
export function readCopyright(text: string): StatedLicense | undefined {
  const bounded = text.slice(0, MAX_TEXT);
  const stated = /^(?:Files|Format(?:-Specification)?|License):/im.test(bounded) ? machineReadable(bounded) : [];
  return stated.length > 0 ? together(stated) : together(mentions(bounded));
}

/** First lines of the License fields. A paragraph that has Files or is the header says what holds; the others are texts. */
function machineReadable(text: string): string[] {
  const uses: string[] = [];
  const texts: string[] = [];
  for (const paragraph of controlParagraphs(text)) {
    const name = paragraph.get('license')?.split('\n', 1)[0]?.trim();
    if (!name || !isShortName(name)) continue;
    (paragraph.has('files') ? uses : texts).push(name);
  }
  return uses.length > 0 ? uses : texts;
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

function together(names: readonly string[]): StatedLicense | undefined {
  const distinct = [...new Set(names)].slice(0, MAX_LICENSES);
  if (distinct.length === 0) return undefined;
  const parts = distinct.map((name) => expressionOf(name) ?? licenseRef(name));
  const concluded = parts.every((part) => part !== undefined) ? allOf(parts as string[]) : undefined;
  return { declared: distinct.join(', '), ...(concluded ? { concluded } : {}) };
}
