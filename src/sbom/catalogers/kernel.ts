import { type ByteSource, memorySource } from '../../layers/byte-source.ts';
import { gunzip, unzstd } from '../formats/decompress.ts';
import { readExecutable, sectionBytes } from '../formats/executable.ts';
import { unxz } from '../formats/xz.ts';
import { expressionOf } from '../license.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const KERNEL = /(?:^|\/)(?:vmlinuz|bzImage|kernel)(?:-[^/]*)?$/;
const MODULE = /\.ko(?:\.(gz|xz|zst))?$/;
const MAX_MODULE = 64 << 20;

/** What a module says of itself (`modinfo`), or a kernel. */
type Info = Readonly<Record<string, string>>;

/** Linux kernels, by their images or by the modules for them, and modules that were built outside of a kernel's tree. */
const kernel: Cataloger = {
  name: 'kernel',
  version: 2,
  isFallback: true,
  files: [],
  reader: {
    wants: ({ path, size }) => size > 1024 && (MODULE.test(path.slice(-8)) || KERNEL.test(path)),
    accepts: isKernelFile,
    read: (bytes, path) => (MODULE.test(path) ? readModule(bytes, path) : readImage(bytes)),
  },
  *catalog(view) {
    const releases = new Set<string>();
    for (const { path, value } of view.readings<Info>('kernel')) {
      const release = value.release ?? value.vermagic?.split(' ', 1)[0] ?? '';
      if (value.name && value.intree !== 'Y' && value.vermagic) yield* modulePackage(value, release, path);
      else if (!releases.has(release)) yield* kernelPackage(release, path);
      if (value.intree === 'Y' || !value.name) releases.add(release);
    }
  },
};
export default kernel;

/** ELF, gzip, xz, zstd; or the flag at the end of a boot sector. */
function isKernelFile(head: Uint8Array): boolean {
  const magic = Buffer.from(head.subarray(0, 2)).toString('hex');
  return ['7f45', '1f8b', 'fd37', '28b5'].includes(magic) || (head[510] === 0x55 && head[511] === 0xaa);
}

/** Documentation/arch/x86/boot.rst: a pointer to the version's text at 0x20e, relative to the second sector. */
function readImage(bytes: ByteSource): Info | undefined {
  const head = bytes.slice(0, 0x220);
  if (head.length < 0x220 || head.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined;
  const at = head.readUInt16LE(0x20e) + 0x200;
  const [release = ''] = bytes
    .slice(at, at + 256)
    .toString('latin1')
    .split(/[\0 ]/, 1);
  return /^\d+\.\d+/.test(release) ? { release } : undefined;
}

/** The section `.modinfo`: `key=value` texts, each with a NUL. xz is slow: of the kernel's own modules the path tells enough. */
function readModule(bytes: ByteSource, path: string): Info | undefined {
  const [, packing] = MODULE.exec(path) ?? [];
  if (packing === 'xz') {
    const [, release] = /(?:^|\/)lib\/modules\/([^/]+)\/kernel\//.exec(path) ?? [];
    if (release) return { release };
  }
  const body = packing ? memorySource(unpack(bytes, packing)) : bytes;
  const executable = readExecutable(body);
  const section = executable && sectionBytes(body, executable, '.modinfo');
  if (!section) return undefined;
  const fields: Record<string, string> = {};
  for (const text of section
    .subarray(0, 1 << 16)
    .toString('utf8')
    .split('\0')) {
    const [, key, value] = /^(name|version|license|author|description|vermagic|intree)=(.{1,500})/s.exec(text) ?? [];
    if (key && value) fields[key] ??= value;
  }
  return fields.vermagic ? fields : undefined;
}

function unpack(bytes: ByteSource, packing: string): Buffer {
  const packed = bytes.slice(0, Math.min(bytes.size, MAX_MODULE));
  if (packing === 'xz') return unxz(packed, MAX_MODULE / 2);
  return packing === 'gz' ? gunzip(packed, MAX_MODULE) : unzstd(packed, MAX_MODULE);
}

function* kernelPackage(release: string, path: string): Iterable<Package> {
  const purl = release === '' ? undefined : tryPurl({ type: 'generic', name: 'linux-kernel', version: release });
  if (!purl) return;
  yield {
    name: 'linux-kernel',
    version: release,
    purl,
    ecosystem: 'generic',
    foundBy: 'kernel',
    declaredLicense: 'GPL-2.0-only WITH Linux-syscall-note',
    concludedLicense: 'GPL-2.0-only WITH Linux-syscall-note',
    confidence: 0.9,
    evidence: [path],
  };
}

function* modulePackage(info: Info, release: string, path: string): Iterable<Package> {
  const { name = '', license, author, description } = info;
  const version = info.version ?? release;
  const purl = tryPurl({ type: 'generic', namespace: 'linux-module', name, version });
  if (!purl) return;
  yield {
    name,
    version,
    purl,
    ecosystem: 'generic',
    foundBy: 'kernel',
    ...stated({
      declaredLicense: license,
      // include/linux/module.h: what the texts of MODULE_LICENSE mean; `GPL` says nothing of later versions.
      concludedLicense: license && expressionOf(license.replace(/^GPL v2$/, 'GPL-2.0-only')),
      supplier: author ? { name: author.replace(/\s*<.*/, '') } : undefined,
      description,
    }),
    confidence: 0.9,
    evidence: [path],
  };
}
