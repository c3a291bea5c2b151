import { createHash } from 'node:crypto';
import { type ByteSource, memorySource } from '../../layers/byte-source.ts';
import { type Pom, parsePom } from './pom.ts';
import { readZip, readZipEntry, type ZipEntry } from './zip.ts';

/** A jar, and what it says of itself. */
export interface JavaArchive {
  /** Inside the outermost archive, e.g. `WEB-INF/lib/x.jar`; archives in archives joined by `!/`; empty for that itself. */
  readonly within: string;
  readonly sha1: string;
  readonly sha256: string;
  /** One for each project that was packed into it: its own and those shaded into it. */
  readonly projects: readonly JavaProject[];
  /** Main attributes of META-INF/MANIFEST.MF. */
  readonly manifest: Readonly<Record<string, string>>;
}

export interface JavaProject extends Partial<Pom> {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

/** Bounds against hostile archives: of one member, of all that is unpacked, and of archives in one another. */
const MAX_TEXT = 2 * 1024 * 1024;
const MAX_NESTED = 512 * 1024 * 1024;
const MAX_UNPACKED = 640 * 1024 * 1024;
const MAX_DEPTH = 16;
const MAX_ARCHIVES = 20_000;
const MAX_PROJECTS = 2_000;
const MAX_ATTRIBUTES = 500;
const CHUNK = 1024 * 1024;

export const JAVA_ARCHIVE = /\.(?:jar|war|ear|par|sar|nar|jpi|hpi|kar|lpkg)$/i;

interface Budget {
  unpacked: number;
  archives: number;
}

/** A bound of all archives in one another: what is inside may not hide it. */
class Exhausted extends Error {}

function spend(budget: Budget, bytes: number): void {
  budget.unpacked += bytes;
  if (budget.unpacked > MAX_UNPACKED) throw new Exhausted(`more than ${MAX_UNPACKED} bytes are packed in it`);
}

/** A Java archive and all archives inside it. Throws when the outermost is no zip; an inner one that is none is left out. */
export function readJavaArchive(bytes: ByteSource): JavaArchive[] {
  return [...readArchive(bytes, '', { unpacked: 0, archives: 0 }, 0)];
}

function* readArchive(bytes: ByteSource, within: string, budget: Budget, depth: number): Iterable<JavaArchive> {
  const entries = readZip(bytes);
  if (++budget.archives > MAX_ARCHIVES) throw new Exhausted(`more than ${MAX_ARCHIVES} archives in it`);
  const texts = new Texts(bytes, budget);
  yield { within, ...digests(bytes), projects: projectsOf(texts, entries), manifest: manifestOf(texts, entries) };
  if (depth >= MAX_DEPTH) return;
  for (const entry of entries) {
    if (!JAVA_ARCHIVE.test(entry.name)) continue;
    spend(budget, entry.size);
    const path = within === '' ? entry.name : `${within}!/${entry.name}`;
    try {
      yield* readArchive(memorySource(readZipEntry(bytes, entry, MAX_NESTED)), path, budget, depth + 1);
    } catch (error) {
      if (error instanceof Exhausted) throw error;
      // One inner archive that is damaged hides nothing of the others.
    }
  }
}

function projectsOf(texts: Texts, entries: readonly ZipEntry[]): JavaProject[] {
  const folders = new Map<string, { properties?: ZipEntry; pom?: ZipEntry }>();
  for (const entry of entries) {
    const [, folder, kind] = /^META-INF\/maven\/([^/]+\/[^/]+)\/pom\.(properties|xml)$/.exec(entry.name) ?? [];
    if (!folder || folders.size >= MAX_PROJECTS) continue;
    folders.set(folder, { ...folders.get(folder), [kind === 'xml' ? 'pom' : 'properties']: entry });
  }
  return [...folders].flatMap(([folder, { properties, pom }]) => {
    const stated = properties ? parseProperties(texts.read(properties)) : {};
    const model = pom ? parsePom(texts.read(pom)) : undefined;
    const [group, artifact] = folder.split('/');
    const groupId = stated.groupId ?? model?.groupId ?? group;
    const artifactId = stated.artifactId ?? model?.artifactId ?? artifact;
    const version = stated.version ?? model?.version;
    return groupId && artifactId && version && !/[${}@]/.test(`${groupId}${artifactId}${version}`)
      ? [{ ...model, groupId, artifactId, version }]
      : [];
  });
}

/** java.util.Properties, of which Maven writes only plain lines. */
function parseProperties(text: string): Record<string, string | undefined> {
  const fields: Record<string, string> = Object.create(null);
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*(groupId|artifactId|version)\s*[=:]\s*(\S+)/.exec(line.slice(0, 1000)) ?? [];
    if (key && value) fields[key] = value;
  }
  return fields;
}

/** JAR file specification: a line that begins with a blank goes on with the one before; main attributes end at an empty one. */
function manifestOf(texts: Texts, entries: readonly ZipEntry[]): Record<string, string> {
  const entry = entries.find(({ name }) => /^META-INF\/MANIFEST\.MF$/i.test(name));
  const fields: Record<string, string> = Object.create(null);
  if (!entry) return { ...fields };
  const [main = ''] = texts.read(entry).replace(/\r\n?/g, '\n').split('\n\n', 1);
  for (const line of main.replaceAll('\n ', '').split('\n', MAX_ATTRIBUTES)) {
    const colon = line.indexOf(': ');
    if (colon > 0 && colon < 70) fields[line.slice(0, colon)] ??= line.slice(colon + 2, colon + 1002).trim();
  }
  return { ...fields };
}

/** Members of one archive as texts. */
class Texts {
  readonly #bytes: ByteSource;
  readonly #budget: Budget;

  constructor(bytes: ByteSource, budget: Budget) {
    this.#bytes = bytes;
    this.#budget = budget;
  }

  /** Empty where it cannot be read: one bad member does not hide the archive. */
  read(entry: ZipEntry): string {
    spend(this.#budget, Math.min(entry.size, MAX_TEXT));
    try {
      return readZipEntry(this.#bytes, entry, MAX_TEXT).toString('utf8');
    } catch {
      return '';
    }
  }
}

function digests(bytes: ByteSource): { sha1: string; sha256: string } {
  const sha1 = createHash('sha1');
  const sha256 = createHash('sha256');
  for (let at = 0; at < bytes.size; at += CHUNK) {
    const chunk = bytes.slice(at, at + CHUNK);
    sha1.update(chunk);
    sha256.update(chunk);
  }
  return { sha1: sha1.digest('hex'), sha256: sha256.digest('hex') };
}
