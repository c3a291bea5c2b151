import { distroQualifier } from '../distro.ts';
import { isRecord, parseJson, stringOf, webAddress } from '../json.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const INVENTORY = 'usr/share/bottlerocket/application-inventory.json';
const MAX_PACKAGES = 20_000;

/** Bottlerocket has no package manager; its build writes down which rpms it was put together from. */
const bottlerocket: Cataloger = {
  name: 'bottlerocket',
  version: 1,
  isSystem: true,
  files: [INVENTORY, `*-bottlerocket-linux-gnu/sys-root/${INVENTORY}`],
  *catalog(view, { distro, problem, once }) {
    for (const file of view.match(...bottlerocket.files)) {
      const record = once(file, () => parseJson(file.text()));
      const content = isRecord(record) ? record.Content : undefined;
      if (!Array.isArray(content)) {
        problem(file.path, 'no inventory of Bottlerocket');
        continue;
      }
      for (const one of content.slice(0, MAX_PACKAGES)) {
        const found = isRecord(one) ? toPackage(one, distroQualifier(distro), file.path) : undefined;
        if (found) yield found;
      }
    }
  },
};
export default bottlerocket;

function toPackage(one: Record<string, unknown>, distro: string | undefined, path: string): Package | undefined {
  const name = stringOf(one.Name);
  const release = stringOf(one.Release);
  const epoch = stringOf(one.Epoch);
  const version = [stringOf(one.Version), release].filter(Boolean).join('-');
  const purl =
    name &&
    tryPurl({
      type: 'rpm',
      namespace: 'bottlerocket',
      name,
      version: version || null,
      qualifiers: { arch: stringOf(one.Architecture), distro, epoch: epoch === '0' ? undefined : epoch },
    });
  if (!name || version === '' || !purl) return undefined;
  const publisher = stringOf(one.Publisher);
  return {
    name,
    version: epoch && epoch !== '0' ? `${epoch}:${version}` : version,
    purl,
    ecosystem: 'rpm',
    foundBy: 'bottlerocket',
    ...stated({
      supplier: publisher ? { name: publisher } : undefined,
      homepage: webAddress(one.Url),
      description: stringOf(one.Summary)?.slice(0, 500),
    }),
    confidence: 1,
    evidence: [path],
  };
}
