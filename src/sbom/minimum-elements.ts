import { authorsOf, type DocumentOptions, rootOf } from './document.ts';
import type { Party } from './package.ts';
import type { Sbom, SbomPackage } from './sbom.ts';
import { isUrl, type SupplierOf, sourceArchiveOf, suppliersOf } from './writers/facts.ts';

/** Who asks for which elements: `ntia` 2021, `cisa` (draft of 2025), `bsi` TR-03183-2 version 2.1.0. */
export type Standard = 'ntia' | 'cisa' | 'bsi';

/** How far an element is there. */
export interface ElementResult {
  readonly element: string;
  /** `document`: once. `component`: of each package. */
  readonly of: 'document' | 'component';
  readonly present: number;
  readonly total: number;
  /** Purls of packages without it, in byte order. */
  readonly missing: readonly string[];
  /** What would bring it in, where anything of ours does. */
  readonly hint?: string;
}

interface Facts {
  readonly sbom: Sbom;
  readonly options: DocumentOptions;
  readonly supplierOf: SupplierOf;
}

interface DocumentElement {
  readonly element: string;
  readonly of: 'document';
  readonly hint?: string;
  has(facts: Facts): boolean;
}

interface ComponentElement {
  readonly element: string;
  readonly of: 'component';
  readonly hint?: string;
  has(one: SbomPackage, facts: Facts): boolean;
}

type Element = DocumentElement | ComponentElement;

const always = (): boolean => true;

const AUTHOR: Element = {
  element: 'author of the SBOM',
  of: 'document',
  hint: '--author NAME, or the label org.opencontainers.image.authors',
  has: ({ sbom, options }) => authorsOf(rootOf(sbom.subject), options).length > 0,
};
const TIMESTAMP: Element = { element: 'timestamp', of: 'document', has: always };
const NAME: Element = { element: 'component name', of: 'component', has: ({ name }) => name !== '' };
const VERSION: Element = {
  element: 'component version',
  of: 'component',
  has: ({ version }) => version !== '' && version !== '(devel)',
};
const IDENTIFIER: Element = { element: 'unique identifier (purl)', of: 'component', has: ({ purl }) => purl !== '' };
const SUPPLIER: Element = {
  element: 'supplier',
  of: 'component',
  has: (one, { supplierOf }) => supplierOf(one) !== undefined,
};
/** Everything is reached from the root; what a package needs in turn may be unknown, and is then said to be. */
const RELATIONSHIP: Element = { element: 'dependency relationship', of: 'component', has: always };
const LICENSE: Element = {
  element: 'licence',
  of: 'component',
  has: (one) => (one.concludedLicense ?? one.declaredLicense) !== undefined,
};
const STRONG_HASH: Element = {
  element: 'hash (SHA-256 or stronger)',
  of: 'component',
  has: hasHash(/^SHA-(256|384|512)$/),
};

const STANDARDS: Readonly<Record<Standard, readonly Element[]>> = {
  ntia: [AUTHOR, TIMESTAMP, SUPPLIER, NAME, VERSION, IDENTIFIER, RELATIONSHIP],
  cisa: [
    AUTHOR,
    TIMESTAMP,
    { element: 'tool name', of: 'document', has: always },
    { element: 'generation context', of: 'document', has: always },
    { ...SUPPLIER, element: 'software producer' } as Element,
    NAME,
    VERSION,
    IDENTIFIER,
    STRONG_HASH,
    LICENSE,
    RELATIONSHIP,
  ],
  bsi: [
    {
      element: 'creator of the SBOM (e-mail or URL)',
      of: 'document',
      hint: '--author "NAME <MAIL>"',
      has: ({ sbom, options }) => authorsOf(rootOf(sbom.subject), options).some(isReachable),
    },
    TIMESTAMP,
    { element: 'URI of the SBOM', of: 'document', has: always },
    {
      element: 'component creator (e-mail or URL)',
      of: 'component',
      has: (one, { supplierOf }) => isReachable(supplierOf(one)) || isUrl(one.homepage ?? ''),
    },
    NAME,
    VERSION,
    { element: 'distribution licence', of: 'component', has: (one) => one.concludedLicense !== undefined },
    { element: 'original licence', of: 'component', has: (one) => one.declaredLicense !== undefined },
    {
      element: 'dependencies, known to be complete',
      of: 'component',
      has: (one) => one.knowsDependencies === true,
    },
    { element: 'hash of the deployable (SHA-512)', of: 'component', has: hasHash(/^SHA-512$/) },
    { element: 'URI of the deployable', of: 'component', has: (one) => isUrl(one.downloadUrl ?? '') },
    {
      element: 'URI of the source',
      of: 'component',
      has: (one) => isUrl(one.sourceUrl ?? '') || sourceArchiveOf(one) !== undefined,
    },
    IDENTIFIER,
  ],
};

/** Every element that a standard asks for, in its order, with how many components have it. */
export function minimumElements(standard: Standard, sbom: Sbom, options: DocumentOptions): ElementResult[] {
  const facts = { sbom, options, supplierOf: suppliersOf(sbom) };
  return STANDARDS[standard].map((element) => {
    const { element: name, of, hint } = element;
    const isPresent = element.of === 'document' && element.has(facts);
    const missing =
      element.of === 'document' ? [] : sbom.packages.filter((one) => !element.has(one, facts)).map(({ purl }) => purl);
    const total = of === 'document' ? 1 : sbom.packages.length;
    const present = of === 'document' ? Number(isPresent) : total - missing.length;
    return { element: name, of, present, total, missing, ...(hint ? { hint } : {}) };
  });
}

function hasHash(algorithm: RegExp): (one: SbomPackage) => boolean {
  return ({ hashes = [] }) => hashes.some((hash) => algorithm.test(hash.algorithm));
}

function isReachable(party: Party | undefined): boolean {
  return party?.email !== undefined || isUrl(party?.url ?? '');
}
