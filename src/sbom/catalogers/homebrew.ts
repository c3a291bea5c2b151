import { isRecord, parseJson, stringOf } from '../json.ts';
import { allOf, expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** What is looked at of a formula: its head says what it is, what follows is how to build it. */
const MAX_FORMULA = 1 << 16;
const CORE = 'homebrew/core';

/**
 * Homebrew: the kegs in its Cellar, one folder for each name and version, with the formula and a receipt (docs.brew.sh,
 * "Formula Cookbook"). Formulae of a tap are what could be installed, and not read.
 */
const homebrew: Cataloger = {
  name: 'homebrew',
  version: 1,
  files: ['**/Cellar/*/*/.brew/*.rb', '**/Cellar/*/*/INSTALL_RECEIPT.json'],
  *catalog(view, context) {
    const kegs = new Set<string>();
    for (const file of view.match(...homebrew.files)) {
      const [keg = '', name = '', version = ''] = /^.*?(?:^|\/)Cellar\/([^/]+)\/([^/]+)/.exec(file.path) ?? [];
      if (kegs.has(keg)) continue;
      kegs.add(keg);
      const found = readKeg(keg, name, version, view, context);
      if (found) yield found;
    }
  },
};
export default homebrew;

function readKeg(
  keg: string,
  name: string,
  version: string,
  view: FileView,
  { problem, once }: CatalogContext,
): Package | undefined {
  const formula = view.get(`${keg}/.brew/${name}.rb`);
  const receipt = view.get(`${keg}/INSTALL_RECEIPT.json`);
  const told = receipt && once(receipt, () => readReceipt(receipt));
  const fields = formula && once(formula, () => readFormula(formula.text().slice(0, MAX_FORMULA)));
  const tap = told?.tap === CORE ? undefined : told?.tap;
  const purl = tryPurl({ type: 'brew', ...(tap ? { namespace: tap } : {}), name, version });
  if (!purl) {
    problem(keg, 'its folder is no name and version');
    return undefined;
  }
  const needed = told?.needs ?? fields?.needs;
  return {
    name,
    version,
    purl,
    ecosystem: 'brew',
    foundBy: 'homebrew',
    ...stated({
      declaredLicense: fields?.license,
      concludedLicense: fields?.expression,
      description: fields?.desc,
      homepage: fields?.homepage,
      dependsOn: needed,
    }),
    ...(told?.needs ? { knowsDependencies: true } : {}),
    confidence: 1,
    evidence: [formula, receipt].flatMap((file) => (file ? [file.path] : [])),
  };
}

interface Receipt {
  readonly tap?: string;
  /** Names of what it needs when it runs, direct or not. */
  readonly needs?: readonly string[];
}

function readReceipt(file: KeptFile): Receipt {
  const record = parseJson(file.text());
  if (!isRecord(record)) return {};
  const needs = Array.isArray(record.runtime_dependencies)
    ? record.runtime_dependencies.flatMap((one) => {
        const name = isRecord(one) ? stringOf(one.full_name) : undefined;
        return name ? [name.slice(name.lastIndexOf('/') + 1)] : [];
      })
    : undefined;
  const tap = isRecord(record.source) ? stringOf(record.source.tap) : undefined;
  return { ...(tap ? { tap } : {}), ...(needs ? { needs } : {}) };
}

interface Formula {
  readonly desc?: string;
  readonly homepage?: string;
  /** As written, quotes and symbols included. */
  readonly license?: string;
  readonly expression?: string;
  readonly needs: readonly string[];
}

/** The calls at the beginning of lines; Ruby is not run. */
function readFormula(text: string): Formula {
  const [, desc] = /^[ \t]*desc[ \t]+"((?:[^"\\\n]|\\.){1,500})"/m.exec(text) ?? [];
  const [, homepage] = /^[ \t]*homepage[ \t]+"(https?:[^"\s]{1,500})"/m.exec(text) ?? [];
  const [, license] = /^[ \t]*license[ \t]+((?:.{1,300}[,[{][ \t]*\n){0,20}.{1,300})$/m.exec(text) ?? [];
  const needs = [...text.matchAll(/^[ \t]*depends_on[ \t]+"([^"\s]{1,200})"[ \t]*(?:#.*)?$/gm)].map(
    ([, name = '']) => name,
  );
  return {
    needs: needs.slice(0, 500).map((name) => name.slice(name.lastIndexOf('/') + 1)),
    ...stated({ desc, homepage, license: license && plain(license), expression: license && licenseOf(license) }),
  };
}

/** `"MIT"` is the text MIT; anything else stays as it stands. */
function plain(license: string): string {
  return /^"([^"]*)"\s*$/.exec(license)?.[1] ?? license.trim().replace(/\s+/g, ' ');
}

/** `"MIT"`, `any_of: ["MIT", :public_domain]`, `all_of: […]`, `"GPL-2.0-only" => { with: "x" }`; nested ones stay unread. */
function licenseOf(text: string): string | undefined {
  const one = /^\s*"([^"]+)"\s*(?:=>\s*\{\s*with:\s*"([^"]+)"\s*\})?\s*$/.exec(text);
  if (one) return expressionOf(one[2] ? `${one[1]} WITH ${one[2]}` : (one[1] ?? ''));
  const [, kind, list = ''] = /^\s*(any_of|all_of):\s*\[((?:\s*"[^"]+"\s*,?)+)\s*\]\s*$/.exec(text) ?? [];
  if (!kind) return undefined;
  const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => expressionOf(name));
  if (names.some((name) => name === undefined)) return undefined;
  return kind === 'all_of' ? allOf(names as string[]) : expressionOf(names.join(' OR '));
}
