import { type Locked, lockCataloger } from '../lock.ts';
import { prefixedHash, pypiPurl } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';

const PINNED = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([\w.!+-]+)\s*(?=$|;|\s)/;
const FOR_DEVELOPMENT = /(?:^|[-_./])(?:dev|development|tests?|testing|lint|docs?|ci)(?:[-_./]|$)/i;

/**
 * requirements.txt (pip's docs, "Requirements File Format"): what is pinned with `==`. A range names no version, and
 * what the pinned ones need may not be in the file, so the list is less sure than a lock file.
 */
export default lockCataloger({
  name: 'requirements',
  ecosystem: 'pypi',
  files: ['**/*requirements*.txt', '**/requirements/*.txt'],
  read(file) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const folder = /(?:^|\/)requirements\/[^/]*$/.test(file.path);
    const scope =
      FOR_DEVELOPMENT.test(name) && (folder || name.includes('requirements')) ? 'development' : 'production';
    const packages: Locked[] = [];
    for (const line of file
      .text()
      .replace(/\\\r?\n/g, ' ')
      .split(/\r?\n/)) {
      const text = line.replace(/(?:^|\s)#.*$/, '').trim();
      const [, found, version] = PINNED.exec(text) ?? [];
      if (!found || !version || version.includes('*')) continue;
      const hashes = [...text.matchAll(/--hash[= ](\S+)/g)].map(([, hash]) => hash);
      packages.push({
        key: `${normalizeName(found)} ${packages.length}`,
        name: found,
        version,
        purl: pypiPurl(found, version),
        hashes: hashes.length === 1 ? prefixedHash(hashes[0]) : [],
        scope,
      });
    }
    return { packages, confidence: 0.7 };
  },
});
