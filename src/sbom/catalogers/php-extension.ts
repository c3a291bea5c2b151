import type { ByteSource } from '../../layers/byte-source.ts';
import { pointerReader } from '../formats/elf-symbols.ts';
import { bytesAt, type Executable, readExecutable } from '../formats/executable.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

/** `php -i`, extension_dir: Debian's by API number, PHP's own with the way it was built, Red Hat's and Alpine's `modules`. */
const EXTENSION = /(?:^|\/)(?:php[^/]*|extensions)\/(?:\d{8}|(?:no-)?debug-(?:non-)?zts-\d{8}|modules)\/[^/]+\.so$/;
/** Of `struct _zend_module_entry` on 64 bits (Zend/zend_modules.h), which begins with its own size. */
const ENTRY_BYTES = 168;
const NAME_AT = 32;
const VERSION_AT = 88;
const REGISTRY = '**/php/.registry/.channel.pecl.php.net/*.reg';
const MAX_DATA = 8 << 20;
/** Libraries have one writable segment or two, and one entry. */
const MAX_SEGMENTS = 4;
const MAX_ENTRIES = 16;

interface Extension {
  readonly name: string;
  readonly version: string;
}

/** Extensions of PHP that no package manager knows: the entry that each library gives PHP says its name and version. */
const phpExtension: Cataloger = {
  name: 'php-extension',
  version: 1,
  isFallback: true,
  files: [REGISTRY],
  reader: {
    wants: ({ path, size }) => size > 1024 && path.endsWith('.so') && EXTENSION.test(path),
    read(bytes, _, once) {
      const executable = once(readExecutable);
      return executable?.format === 'elf' && executable.is64 ? readEntry(bytes, executable) : undefined;
    },
  },
  *catalog(view) {
    // What PECL installed is listed by its record.
    const recorded = new Set([...view.match(REGISTRY)].map(({ path }) => path.slice(path.lastIndexOf('/') + 1, -4)));
    for (const { path, value } of view.readings<Extension>('php-extension')) {
      if (recorded.has(value.name.toLowerCase())) continue;
      const found = toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default phpExtension;

/** The entry is found by its size and the date that is PHP's API number behind it. */
function readEntry(bytes: ByteSource, executable: Executable): Extension | undefined {
  const pointer = pointerReader(bytes, executable);
  let entries = 0;
  const writable = executable.segments.filter(({ isWritable }) => isWritable).slice(0, MAX_SEGMENTS);
  for (const { address, offset, size } of writable) {
    const data = Buffer.from(bytes.slice(offset, offset + Math.min(size, MAX_DATA)));
    for (let at = (8 - (address % 8)) % 8; at + ENTRY_BYTES <= data.length; at += 8) {
      if (!isEntry(data, at, executable.littleEndian) || ++entries > MAX_ENTRIES) continue;
      const name = textAt(bytes, executable, pointer(address + at + NAME_AT));
      const version = textAt(bytes, executable, pointer(address + at + VERSION_AT));
      if (/^[\w .+-]{1,64}$/.test(name) && /^\d[\w.+~-]{0,63}$/.test(version)) return { name, version };
    }
  }
  return undefined;
}

function isEntry(data: Buffer, at: number, littleEndian: boolean): boolean {
  const size = littleEndian ? data.readUInt16LE(at) : data.readUInt16BE(at);
  if (size !== ENTRY_BYTES) return false;
  const api = littleEndian ? data.readUInt32LE(at + 4) : data.readUInt32BE(at + 4);
  return api > 20_050_000 && api < 21_000_000 && (data[at + 8] as number) <= 1 && (data[at + 9] as number) <= 1;
}

function textAt(bytes: ByteSource, executable: Executable, address: number): string {
  const text = bytesAt(bytes, executable, address, 80).toString('latin1');
  return text.slice(0, Math.max(text.indexOf('\0'), 0));
}

function toPackage({ name, version }: Extension, path: string): Package | undefined {
  const purl = tryPurl({ type: 'generic', namespace: 'php-extension', name, version });
  if (!purl) return undefined;
  return { name, version, purl, ecosystem: 'generic', foundBy: 'php-extension', confidence: 0.9, evidence: [path] };
}
