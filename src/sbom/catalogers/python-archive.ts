import type { ByteSource } from '../../layers/byte-source.ts';
import { readZip, readZipEntry } from '../formats/zip.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { type Metadata, normalizeName, readMetadata } from '../python-metadata.ts';
import { stated } from '../stated.ts';

const ARCHIVE = /\.(?:egg|whl)$/;
/** Brought along for environments that a tool makes. */
const SEED = /(?:^|\/)python-wheels\//;
/** In the folder that Python imports from, or else data of a package that lies there: seeds of ensurepip, of tests. */
const SITE = /(?:^|\/)(?:site|dist)-packages\/[^/]+$/;
const LIBRARY = /(?:^|\/)(?:(?:site|dist)-packages|lib(?:64)?\/(?:python|pypy)[\d.]*)\//;
const MAX_METADATA = 1 << 20;

/**
 * Python distributions that are archives: eggs, which Python imports from as they are, and wheels that lie in the image
 * (packaging.python.org, "Binary distribution format").
 */
const pythonArchive: Cataloger = {
  name: 'python-archive',
  version: 1,
  files: [],
  reader: {
    wants: ({ path, size }) => size > 100 && ARCHIVE.test(path) && isOwn(path),
    accepts: (head) => head[0] === 0x50 && head[1] === 0x4b,
    read: readArchive,
  },
  *catalog(view) {
    for (const { path, value } of view.readings<Metadata>('python-archive')) {
      const found = toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default pythonArchive;

function isOwn(path: string): boolean {
  return !SEED.test(path) && (!LIBRARY.test(path) || SITE.test(path));
}

function readArchive(bytes: ByteSource, path: string): Metadata | undefined {
  const wanted = path.endsWith('.egg') ? /^EGG-INFO\/PKG-INFO$/ : /^[^/]+\.dist-info\/METADATA$/;
  const entry = readZip(bytes).find(({ name }) => wanted.test(name));
  if (!entry) return undefined;
  const metadata = readMetadata(readZipEntry(bytes, entry, MAX_METADATA).toString('utf8'));
  return metadata.name && metadata.version ? metadata : undefined;
}

function toPackage(metadata: Metadata, path: string): Package | undefined {
  const { name = '', version = '', summary, requires, ...rest } = metadata;
  const purl = tryPurl({ type: 'pypi', name: normalizeName(name), version });
  if (!purl) return undefined;
  return {
    name,
    version,
    purl,
    ecosystem: 'pypi',
    foundBy: 'python-archive',
    ...rest,
    ...stated({ description: summary }),
    dependsOn: requires.filter(({ onlyFor }) => onlyFor === undefined).map((one) => one.name),
    confidence: path.endsWith('.egg') ? 1 : 0.8,
    evidence: [path],
  };
}
