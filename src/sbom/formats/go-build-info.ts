import type { ByteSource } from '../../layers/byte-source.ts';
import { bytesAt, type Executable } from './executable.ts';

/** A module that a Go program was built from. */
export interface GoModule {
  readonly path: string;
  /** `v1.2.3`, or `(devel)`. */
  readonly version: string;
  /** `h1:` and base64. */
  readonly sum?: string;
}

/** What the Go linker writes into a program (go doc debug/buildinfo). */
export interface GoBuildInfo {
  /** `go1.22.1`. */
  readonly goVersion: string;
  /** Absent where it was built without modules. */
  readonly main?: GoModule;
  /** Replacements instead of what they replace. */
  readonly modules: readonly GoModule[];
  /** Build settings: `GOARCH`, `-ldflags`, `vcs.revision` … */
  readonly settings: Readonly<Record<string, string>>;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGN = 16;
const HEADER = 32;
const INLINE = 2;
const BIG_ENDIAN = 1;
/** Of the sections and segments that are searched, of a string, and of modules. */
const MAX_SEARCH = 64 * 1024 * 1024;
const MAX_STRING = 16 * 1024 * 1024;
const MAX_MODULES = 20_000;

/** The build information of a Go program. Undefined when it is none. */
export function readGoBuildInfo(bytes: ByteSource, executable: Executable): GoBuildInfo | undefined {
  const place = findBlob(bytes, executable);
  if (place === undefined) return undefined;
  const header = bytes.slice(place, place + HEADER);
  if (header.length < HEADER) return undefined;
  const flags = header[15] as number;
  const texts = (flags & INLINE) !== 0 ? inlineTexts(bytes, place + HEADER) : pointedTexts(bytes, executable, header);
  if (!texts?.version.startsWith('go') && !texts?.version.startsWith('devel')) return undefined;
  return { goVersion: texts.version, ...parseModules(texts.modules) };
}

function findBlob(bytes: ByteSource, { format, sections, segments }: Executable): number | undefined {
  const named = sections.filter(({ name }) => name === '.go.buildinfo' || name === '__go_buildinfo');
  // The section is there since Go 1.13. An ELF file that was stripped of all sections has it at the start of its data.
  const data =
    format !== 'elf'
      ? sections.filter(({ name }) => /^(?:\.data|__data)$/.test(name))
      : sections.length === 0
        ? segments.filter(({ isWritable }) => isWritable)
        : [];
  // Of all that is searched: a damaged table may name the same bytes a thousand times.
  let room = MAX_SEARCH;
  for (const { offset, size } of [...named, ...data]) {
    const body = bytes.slice(offset, offset + Math.min(size, room));
    room -= body.length;
    for (let at = body.indexOf(MAGIC); at >= 0; at = body.indexOf(MAGIC, at + 1)) {
      if (at % ALIGN === 0) return offset + at;
    }
  }
  return undefined;
}

interface Texts {
  readonly version: string;
  readonly modules: Buffer;
}

/** Since Go 1.18: two strings, each behind its length as a varint. */
function inlineTexts(bytes: ByteSource, at: number): Texts | undefined {
  const version = inlineText(bytes, at);
  const modules = version && inlineText(bytes, version.end);
  return version && { version: version.text.toString('utf8'), modules: modules?.text ?? Buffer.alloc(0) };
}

function inlineText(bytes: ByteSource, at: number): { text: Buffer; end: number } | undefined {
  const head = bytes.slice(at, at + 10);
  let length = 0;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i] as number;
    length += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) {
      const start = at + i + 1;
      return length <= MAX_STRING ? { text: bytes.slice(start, start + length), end: start + length } : undefined;
    }
  }
  return undefined;
}

/** Before: pointers to string headers, each a pointer and a length. */
function pointedTexts(bytes: ByteSource, executable: Executable, header: Buffer): Texts | undefined {
  const size = header[14] === 8 ? 8 : 4;
  const isBig = ((header[15] as number) & BIG_ENDIAN) !== 0;
  const word = (from: Buffer, at: number): number => {
    if (at + size > from.length) return 0;
    if (size === 4) return isBig ? from.readUInt32BE(at) : from.readUInt32LE(at);
    return Number(isBig ? from.readBigUInt64BE(at) : from.readBigUInt64LE(at));
  };
  const text = (at: number): Buffer => {
    const string = bytesAt(bytes, executable, word(header, at), size * 2);
    return bytesAt(bytes, executable, word(string, 0), Math.min(word(string, size), MAX_STRING));
  };
  return { version: text(16).toString('utf8'), modules: text(16 + size) };
}

/** Lines of fields, between two marks of 16 bytes. */
function parseModules(marked: Buffer): Omit<GoBuildInfo, 'goVersion'> {
  const isMarked = marked.length >= 33 && marked[marked.length - 17] === 10;
  const text = isMarked ? marked.toString('utf8', 16, marked.length - 16) : '';
  const modules: GoModule[] = [];
  const settings: Record<string, string> = {};
  let main: GoModule | undefined;
  for (const line of text.split('\n')) {
    const [kind, path = '', version = '', sum] = line.split('\t');
    const module = { path, version, ...(sum ? { sum } : {}) };
    if (kind === 'mod') main = module;
    else if (kind === 'dep' && modules.length < MAX_MODULES) modules.push(module);
    // A replacement by a folder has no version; what it replaces has.
    else if (kind === '=>' && modules.length > 0) {
      const replaced = modules.pop() as GoModule;
      modules.push(version === '' ? replaced : module);
    } else if (kind === 'build') {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(line.slice('build\t'.length)) ?? [];
      if (key) settings[key] = unquote(value ?? '');
    }
  }
  return { ...(main ? { main } : {}), modules, settings };
}

function unquote(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value.replace(/^`(.*)`$/s, '$1');
}
