import { distroQualifier } from '../distro.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

const MAX_PACKAGES = 50_000;

/** Google's Container-Optimized OS: ebuilds of Chromium OS, listed in one file because Portage is not in the image. */
const cos: Cataloger = {
  name: 'cos',
  version: 1,
  isSystem: true,
  files: ['etc/cos-package-info.json'],
  *catalog(view, { distro, problem, once }) {
    for (const file of view.match(...cos.files)) {
      const record = once(file, () => parseJson(file.text()));
      // `buildTimePackages` were needed to build it, and are not in it.
      const installed = isRecord(record) ? record.installedPackages : undefined;
      if (!Array.isArray(installed)) problem(file.path, 'no list of installed packages');
      for (const one of Array.isArray(installed) ? installed.slice(0, MAX_PACKAGES) : []) {
        const found = isRecord(one) ? toPackage(one, distroQualifier(distro), file.path) : undefined;
        if (found) yield found;
      }
    }
  },
};
export default cos;

function toPackage(one: Record<string, unknown>, distro: string | undefined, path: string): Package | undefined {
  const name = stringOf(one.name);
  const version = stringOf(one.ebuild_version) ?? stringOf(one.version);
  const namespace = stringOf(one.category);
  const purl =
    name &&
    version &&
    tryPurl({ type: 'cos', ...(namespace ? { namespace } : {}), name, version, qualifiers: { distro } });
  if (!name || !version || !purl) return undefined;
  return { name, version, purl, ecosystem: 'cos', foundBy: 'cos', confidence: 1, evidence: [path] };
}
