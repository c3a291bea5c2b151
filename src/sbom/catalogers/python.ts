import { compareBytes } from '../byte-order.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { type Metadata, normalizeName, readMetadata } from '../python-metadata.ts';
import { readRecord } from '../python-record.ts';

/** Metadata longer than this is cut: the description, which nobody reads here, comes last. */
const MAX_METADATA = 1 << 20;

const METADATA = [
  '**/*dist-info/METADATA',
  '**/*egg-info/PKG-INFO',
  '**/EGG-INFO/PKG-INFO',
  '**/*.egg-info', // a file, as distutils and Debian write it
];

/** Python distributions that are installed: wheels' dist-info, setuptools' egg-info, eggs (packaging.python.org, "Recording installed projects"). */
const python: Cataloger = {
  name: 'python',
  version: 1,
  files: [...METADATA, '**/*dist-info/{RECORD,direct_url.json}'],
  *catalog(view, context) {
    const found: Distribution[] = [];
    for (const file of view.match(...METADATA)) {
      const distribution = readDistribution(file, view, context);
      if (distribution) found.push(distribution);
    }
    const index = new Index(found);
    for (const distribution of found) yield toPackage(distribution, index, view, context);
  },
};
export default python;

interface Distribution {
  readonly file: KeptFile;
  /** The folder that is on sys.path. */
  readonly site: string;
  /** The dist-info or egg-info folder; empty when the metadata is a bare file. */
  readonly info: string;
  readonly purl: string;
  readonly metadata: Metadata;
}

function readDistribution(file: KeptFile, view: FileView, context: CatalogContext): Distribution | undefined {
  const metadata = context.once(file, () =>
    readMetadata(new TextDecoder().decode(file.bytes.subarray(0, MAX_METADATA))),
  );
  if (!metadata.name || !metadata.version) {
    context.problem(file.path, `no ${metadata.name ? 'Version' : 'Name'} in it`);
    return undefined;
  }
  const info = file.path.endsWith('.egg-info') ? '' : parentOf(file.path);
  const site = parentOf(info === '' ? file.path : info.endsWith('/EGG-INFO') ? parentOf(info) : info);
  const vcsUrl = readDirectUrl(view.get(`${info}/direct_url.json`));
  const purl = tryPurl({
    type: 'pypi',
    name: normalizeName(metadata.name),
    version: metadata.version,
    qualifiers: { vcs_url: vcsUrl },
  });
  if (!purl) {
    context.problem(file.path, `"${metadata.name.slice(0, 100)}" is no name`);
    return undefined;
  }
  return { file, site, info, purl, metadata };
}

/** PEP 610: a distribution that was installed from a version control system is not the one of the index. */
function readDirectUrl(file: KeptFile | undefined): string | undefined {
  const direct = file && parseJson(file.text());
  if (!isRecord(direct) || !isRecord(direct.vcs_info)) return undefined;
  const url = stringOf(direct.url);
  const commit = stringOf(direct.vcs_info.commit_id);
  const vcs = stringOf(direct.vcs_info.vcs);
  return url && vcs ? `${vcs}+${url}${commit ? `@${commit}` : ''}` : undefined;
}

/** Finds what a requirement means: the distribution in the same folder, else in any. */
class Index {
  readonly #bySite = new Map<string, Distribution>();
  readonly #byName = new Map<string, Distribution>();
  /** Extras of a distribution that something installed asks for. */
  readonly extras = new Map<Distribution, Set<string>>();

  constructor(distributions: readonly Distribution[]) {
    for (const distribution of distributions) {
      const name = normalizeName(distribution.metadata.name ?? '');
      this.#bySite.set(`${distribution.site}\0${name}`, distribution);
      if (!this.#byName.has(name)) this.#byName.set(name, distribution);
      this.extras.set(distribution, new Set());
    }
    this.#requestExtras(distributions);
  }

  find(name: string, site: string): Distribution | undefined {
    return this.#bySite.get(`${site}\0${name}`) ?? this.#byName.get(name);
  }

  /** Whether all is there that it needs: what a wheel's metadata asks for under no extra that nobody wants. */
  knowsAll(of: Distribution): boolean {
    const extras = this.extras.get(of);
    return of.metadata.requires.every(
      ({ name, onlyFor }) => (onlyFor !== undefined && !extras?.has(onlyFor)) || this.find(name, of.site) !== undefined,
    );
  }

  /** What a distribution needs, given the extras that are asked of it. */
  *requirements(of: Distribution): Iterable<{ target: Distribution; extras: readonly string[] }> {
    const extras = this.extras.get(of);
    for (const { name, extras: wanted, onlyFor } of of.metadata.requires) {
      if (onlyFor !== undefined && !extras?.has(onlyFor)) continue;
      const target = this.find(name, of.site);
      if (target) yield { target, extras: wanted };
    }
  }

  /** Each (distribution, extra) enters the queue once, so this ends. */
  #requestExtras(distributions: readonly Distribution[]): void {
    const queue = [...distributions];
    for (let at = 0; at < queue.length; at++) {
      for (const { target, extras } of this.requirements(queue[at] as Distribution)) {
        const known = this.extras.get(target) as Set<string>;
        const fresh = extras.filter((extra) => !known.has(extra));
        for (const extra of fresh) known.add(extra);
        if (fresh.length > 0) queue.push(target);
      }
    }
  }
}

function toPackage(distribution: Distribution, index: Index, view: FileView, { once }: CatalogContext): Package {
  const { metadata, purl, info, file } = distribution;
  const record = info.endsWith('dist-info') ? view.get(`${info}/RECORD`) : undefined;
  const edges = new Set<string>();
  for (const { target } of index.requirements(distribution)) if (target.purl !== purl) edges.add(target.purl);
  return {
    name: metadata.name as string,
    version: metadata.version as string,
    purl,
    ecosystem: 'pypi',
    foundBy: 'python',
    ...(metadata.declaredLicense ? { declaredLicense: metadata.declaredLicense } : {}),
    ...(metadata.concludedLicense ? { concludedLicense: metadata.concludedLicense } : {}),
    ...(metadata.supplier ? { supplier: metadata.supplier } : {}),
    ...(metadata.homepage ? { homepage: metadata.homepage } : {}),
    ...(metadata.sourceUrl ? { sourceUrl: metadata.sourceUrl } : {}),
    ...(metadata.summary ? { description: metadata.summary } : {}),
    dependsOn: [...edges].sort(compareBytes),
    // Older metadata has its requirements elsewhere, or nowhere.
    knowsDependencies: info.endsWith('dist-info') && index.knowsAll(distribution),
    ...(record ? { ownsFiles: once(record, () => readRecord(record.text(), distribution.site)) } : {}),
    confidence: 1,
    evidence: [file.path, ...(record ? [record.path] : [])],
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
