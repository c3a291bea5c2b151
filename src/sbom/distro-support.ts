import { compareBytes } from './byte-order.ts';
import { isRecord, parseJson, stringOf, stringsOf } from './json.ts';
import type { Distro, FileView } from './package.ts';

/** Image content manifests (containerbuildsystem, "content_manifest.json"), one for each layer that Red Hat built. */
const MANIFESTS = ['root/buildinfo/content_manifests/*.json', 'usr/share/buildinfo/*.json'];
/** What `pro status --format json` says, kept by the client. */
const PRO_STATUS = 'var/lib/ubuntu-advantage/status.json';
const MAX_SETS = 1000;

/** What `supportOf` reads. */
export const SUPPORT_FILES: readonly string[] = [...MANIFESTS, PRO_STATUS];

/** What decides which advisories are for the packages of a distribution, beyond its release. */
export function supportOf(view: FileView, id: string): Pick<Distro, 'contentSets' | 'hasExtendedSupport'> {
  const sets = new Set<string>();
  for (const file of view.match(...MANIFESTS)) {
    const manifest = parseJson(file.text());
    if (isRecord(manifest)) for (const one of stringsOf(manifest.content_sets)) if (sets.size < MAX_SETS) sets.add(one);
  }
  return {
    ...(sets.size > 0 ? { contentSets: [...sets].sort(compareBytes) } : {}),
    ...(id === 'ubuntu' && hasEsm(view) ? { hasExtendedSupport: true } : {}),
  };
}

function hasEsm(view: FileView): boolean {
  const file = view.get(PRO_STATUS);
  const status = file && parseJson(file.text());
  if (!isRecord(status) || !Array.isArray(status.services)) return false;
  return status.services.some(
    (one) => isRecord(one) && stringOf(one.name) === 'esm-infra' && stringOf(one.status) === 'enabled',
  );
}
