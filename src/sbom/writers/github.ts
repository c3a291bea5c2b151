import { compareBytes } from '../byte-order.ts';
import { type DocumentOptions, documentTime, rootOf, topLevel } from '../document.ts';
import type { Sbom, SbomPackage } from '../sbom.ts';

type Json = Record<string, unknown>;

/**
 * A snapshot for GitHub's dependency submission API: a manifest for each file that packages were found in. Commit, ref
 * and job are those of the workflow that runs, where one does.
 */
export function* githubSnapshot(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  const { sha, ref, run, correlator } = options.workflow ?? {};
  const snapshot = {
    version: 0,
    job: { id: run ?? '1', correlator: correlator ?? `dlint sbom ${rootOf(sbom.subject).name}` },
    ...(sha ? { sha } : {}),
    ...(ref ? { ref } : {}),
    detector: { name: 'dlint', version: options.toolVersion, url: 'https://www.npmjs.com/package/dlint' },
    scanned: documentTime(sbom.subject, options),
    manifests: manifests(sbom),
  };
  yield `${JSON.stringify(snapshot, undefined, 1)}\n`;
}

function manifests({ subject, packages }: Sbom): Json {
  const { name } = rootOf(subject);
  const direct = new Set(topLevel(packages));
  const files = new Map<string, SbomPackage[]>();
  for (const one of packages) {
    for (const path of one.occurrences) {
      const list = files.get(path);
      if (list) list.push(one);
      else files.set(path, [one]);
    }
  }
  const paths = [...files.keys()].sort(compareBytes);
  return Object.fromEntries(
    paths.map((path) => {
      const file = `${name}:/${path}`;
      const resolved = (files.get(path) as SbomPackage[]).map((one) => [one.purl, dependency(one, direct)]);
      return [file, { name: file, file: { source_location: path }, resolved: Object.fromEntries(resolved) }];
    }),
  );
}

function dependency({ purl, scope, dependsOn }: SbomPackage, direct: ReadonlySet<string>): Json {
  return {
    package_url: purl,
    relationship: direct.has(purl) ? 'direct' : 'indirect',
    scope: scope === 'development' ? 'development' : 'runtime',
    dependencies: dependsOn,
  };
}
