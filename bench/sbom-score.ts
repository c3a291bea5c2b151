import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dlint } from './programs.ts';

/*
 * Scores CycloneDX documents by the weights that sbomqs v2 gives to categories and features, restated here; component
 * quality, which asks a service, is left out. What a feature holds for, of all components, counts as a share.
 */

interface Component {
  readonly 'bom-ref'?: string;
  readonly type?: string;
  readonly name?: string;
  readonly version?: string;
  readonly purl?: string;
  readonly cpe?: string;
  readonly supplier?: { readonly name?: string };
  readonly hashes?: readonly { readonly alg: string }[];
  readonly licenses?: readonly LicenseChoice[];
  readonly externalReferences?: readonly { readonly type: string }[];
}

interface LicenseChoice {
  readonly expression?: string;
  readonly acknowledgement?: string;
  readonly license?: { readonly id?: string; readonly name?: string; readonly acknowledgement?: string };
}

interface Bom {
  readonly bomFormat?: string;
  readonly specVersion?: string;
  readonly serialNumber?: string;
  readonly signature?: unknown;
  readonly metadata?: {
    readonly timestamp?: string;
    readonly lifecycles?: readonly unknown[];
    readonly authors?: readonly unknown[];
    readonly supplier?: unknown;
    readonly component?: Component;
    readonly licenses?: readonly unknown[];
    readonly tools?: { readonly components?: readonly Component[] } | readonly Component[];
  };
  readonly components?: readonly Component[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly compositions?: readonly { readonly aggregate: string; readonly dependencies?: readonly string[] }[];
}

interface Feature {
  readonly name: string;
  readonly weight: number;
  /** 0…1 */
  readonly score: number;
}

interface Category {
  readonly name: string;
  readonly weight: number;
  readonly features: readonly Feature[];
}

const RESTRICTIVE = /^(A?GPL|LGPL|SSPL|OSL|EUPL|CC-BY-(NC|SA))/;
const DEPRECATED = /^(A?GPL|GFDL|LGPL)-\d(\.\d)?\+?$/;

/** Every category with its features. */
function score(bom: Bom): Category[] {
  const components = bom.components ?? [];
  const share = (holds: (one: Component) => boolean) =>
    components.length === 0 ? 0 : components.filter(holds).length / components.length;
  const flag = (holds: unknown) => (holds ? 1 : 0);
  const { metadata = {} } = bom;
  const tools = Array.isArray(metadata.tools)
    ? (metadata.tools as readonly Component[])
    : ((metadata.tools as { components?: readonly Component[] } | undefined)?.components ?? []);
  return [
    category('Identification', 10, [
      ['name', 0.4, share(({ name }) => Boolean(name))],
      ['version', 0.35, share(({ version }) => Boolean(version))],
      ['local id', 0.25, share((one) => Boolean(one['bom-ref']))],
    ]),
    category('Provenance', 12, [
      ['timestamp', 0.2, flag(metadata.timestamp)],
      ['authors', 0.2, flag(metadata.authors?.length)],
      ['tool and version', 0.2, flag(tools.some(({ name, version }) => name && version))],
      ['supplier of the document', 0.15, flag(metadata.supplier)],
      ['serial number', 0.15, flag(bom.serialNumber)],
      ['lifecycle', 0.1, flag(metadata.lifecycles?.length)],
    ]),
    category('Integrity', 15, [
      ['strong hash', 0.5, share(hasStrongHash)],
      ['no weak hash alone', 0.4, share((one) => hasStrongHash(one) && (one.hashes ?? []).length > 0)],
      ['signature', 0.1, flag(bom.signature)],
    ]),
    category('Completeness', 12, completeness(bom, share)),
    category('Licensing', 15, licensing(bom, share)),
    category('Vulnerability', 10, [['purl or cpe', 1, share(({ purl, cpe }) => Boolean(purl ?? cpe))]]),
    category('Structural', 8, [
      ['specification', 0.5, flag(bom.bomFormat === 'CycloneDX')],
      ['version', 0.5, flag(/^1\.[4-7]$/.test(bom.specVersion ?? ''))],
    ]),
  ];
}

function category(name: string, weight: number, features: readonly (readonly [string, number, number])[]): Category {
  return {
    name,
    weight,
    features: features.map(([feature, of, held]) => ({ name: feature, weight: of, score: held })),
  };
}

function hasStrongHash({ hashes = [] }: Component): boolean {
  return hashes.some(({ alg }) => /^SHA(3)?-(256|384|512)$/.test(alg));
}

type Share = (holds: (one: Component) => boolean) => number;
type Weighted = readonly [name: string, weight: number, score: number];

function completeness({ metadata, dependencies = [], compositions = [] }: Bom, share: Share): Weighted[] {
  const refs = new Set(dependencies.map(({ ref }) => ref));
  const complete = new Set(
    compositions.flatMap((one) => (one.aggregate === 'complete' ? (one.dependencies ?? []) : [])),
  );
  const has = (one: Component, type: RegExp) => (one.externalReferences ?? []).some((each) => type.test(each.type));
  return [
    ['dependencies', 0.25, share((one) => refs.has(one['bom-ref'] ?? ''))],
    ['declared complete', 0.15, share((one) => complete.has(one['bom-ref'] ?? ''))],
    ['primary component', 0.2, metadata?.component ? 1 : 0],
    ['source', 0.15, share((one) => has(one, /^(vcs|source-distribution)$/))],
    ['supplier', 0.15, share(({ supplier }) => Boolean(supplier?.name))],
    ['type', 0.1, share(({ type }) => Boolean(type))],
  ];
}

function licensing({ metadata }: Bom, share: Share): Weighted[] {
  const concluded = (one: Component) => wordsOf(one, 'concluded');
  const all = (one: Component) => [...wordsOf(one, 'declared'), ...concluded(one)];
  const every = (holds: (word: string) => boolean) => share((one) => all(one).length > 0 && all(one).every(holds));
  return [
    ['concluded', 0.2 / 1.2, share((one) => concluded(one).length > 0)],
    ['valid', 0.2 / 1.2, every((word) => /^[A-Za-z0-9.+-]+$/.test(word))],
    [
      'on the list of SPDX',
      0.2 / 1.2,
      every((word) => /^[A-Za-z0-9.+-]+$/.test(word) && !word.startsWith('LicenseRef-')),
    ],
    ['not deprecated', 0.15 / 1.2, every((word) => !DEPRECATED.test(word))],
    ['not restrictive', 0.2 / 1.2, every((word) => !RESTRICTIVE.test(word))],
    ['declared', 0.15 / 1.2, share((one) => wordsOf(one, 'declared').length > 0)],
    ['licence of the document', 0.1 / 1.2, metadata?.licenses?.length ? 1 : 0],
  ];
}

/** Ids and names of the licences of a kind; an expression counts as both, as it is the only one there can be. */
function wordsOf({ licenses = [] }: Component, kind: 'declared' | 'concluded'): string[] {
  return licenses.flatMap(({ expression, license }) => {
    if (expression) return expression.split(/[\s()]+/).filter((word) => word !== '' && !/^(AND|OR|WITH)$/.test(word));
    const told = license?.acknowledgement;
    return license && (told === kind || told === undefined) ? [license.id ?? license.name ?? ''] : [];
  });
}

function* table(title: string, categories: readonly Category[]): Generator<string> {
  const points = (one: Category) => one.features.reduce((sum, { weight, score }) => sum + weight * score, 0) * 10;
  const weights = categories.reduce((sum, { weight }) => sum + weight, 0);
  const total = categories.reduce((sum, one) => sum + points(one) * one.weight, 0) / weights;
  yield `\n\`${title}\`: **${total.toFixed(2)}** of 10\n\n| category | weight | of 10 | features |\n|---|--:|--:|---|\n`;
  for (const one of categories) {
    const features = one.features.map(({ name, score }) => `${name} ${Math.round(score * 100)} %`).join(', ');
    yield `| ${one.name} | ${one.weight} | ${points(one).toFixed(2)} | ${features} |\n`;
  }
}

/** The SBOM of the large image as it is by default, and with who made it, each as a table. */
export function sbomScores(folder: string, scratch: string): string {
  const archive = join(folder, 'big.docker.tar');
  const told = ['--author', 'Acme <sbom@acme.example>', '--supplier', 'Acme (https://acme.example)'];
  return [[], told]
    .map((flags, index) => {
      const file = join(scratch, `score-${index}.json`);
      const [program = '', ...words] = dlint('sbom', archive, '-q', '-f', `cyclonedx=${file}`, ...flags);
      execFileSync(program, words);
      const bom = JSON.parse(readFileSync(file, 'utf8')) as Bom;
      return [...table(['dlint sbom', ...flags.filter((flag) => flag.startsWith('-'))].join(' '), score(bom))].join('');
    })
    .join('');
}
