import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DlintError } from '../errors.ts';
import { LIMITS } from '../layers/limits.ts';
import { compileGlobs } from '../layers/probes/globs.ts';
import { type FileReader, onceFor, type Reading } from '../layers/probes/read.ts';
import { compareBytes } from './byte-order.ts';
import { catalog } from './catalog.ts';
import { CATALOGERS } from './catalogers/index.ts';
import { fileView } from './file-view.ts';
import { type HostFiles, hostFiles, type IgnoreRules } from './host-files.ts';
import type { KeptFiles } from './kept-files.ts';
import { LOCK_FILES } from './lock-files/index.ts';
import type { Cataloger } from './package.ts';
import { PROJECT_FILES, projectOf } from './project.ts';
import type { Sbom } from './sbom.ts';
import { sbomGlobs } from './sbom-probes.ts';

/** `rootfs`: a root filesystem, and what is installed in it. `project`: lock files, and what they pin. */
export type DirectoryKind = 'rootfs' | 'project';

export interface DirectoryOptions {
  /** Default: `rootfs` where the folder has an os-release, else `project`. */
  readonly kind?: DirectoryKind;
  /** Of a project: what git ignores. */
  readonly ignore?: IgnoreRules;
  /** Of a project: without what is needed for development alone. */
  readonly excludeDev?: boolean;
  readonly signal?: AbortSignal;
  /** Told of each file that was looked at, and of how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Folders of a project that hold what lock files pin, or nothing of it. */
const NOT_THE_PROJECT: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules', 'vendor']);
/** What the kernel makes up (hier(7)). */
const NOT_ON_DISK: ReadonlySet<string> = new Set(['proc', 'sys', 'dev']);

const HEAD = 512;

/**
 * The SBOM of a folder of this machine. Files are read only where some cataloger wants them.
 * Errors: `E_NOT_FOUND`, `E_READ`. What is wrong with one file is no error but in `problems`.
 */
export function createDirectorySbom(path: string, options: DirectoryOptions = {}): Sbom {
  const root = resolve(path);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DlintError('E_NOT_FOUND', `${path} is no directory`, { where: root, hint: 'check the path' });
  }
  const isRootfs = (options.kind ?? directoryKind(root)) === 'rootfs';
  const catalogers = isRootfs ? CATALOGERS : LOCK_FILES;
  const globs = isRootfs ? sbomGlobs() : [...new Set([...catalogers.flatMap(({ files }) => files), ...PROJECT_FILES])];
  const wants = compileGlobs(globs);
  const files = hostFiles(root, {
    skips: (path, name) => (isRootfs ? NOT_ON_DISK.has(path) : NOT_THE_PROJECT.has(name)),
    ...(isRootfs ? {} : { wants, ...(options.ignore ? { ignore: options.ignore } : {}) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const digest = createHash('sha256');
  const view = fileView(files.tree, keptOf(files, wants, catalogers, digest, options.onProgress));
  const { distro, components, problems } = catalog(view, catalogers);
  const project = isRootfs ? undefined : projectOf(view);
  const listed = components.filter(
    ({ scope, purl }) => !(options.excludeDev && scope === 'development') && purl !== project?.purl,
  );
  const present = new Set(listed.map(({ purl }) => purl));
  return {
    subject: {
      kind: 'directory',
      path,
      name: basename(root) || 'root',
      ...project,
      digest: digest.update(`${isRootfs} ${options.excludeDev ?? false}`).digest('hex'),
    },
    ...(distro && isRootfs ? { distro } : {}),
    packages: listed.map((one) => ({ ...one, dependsOn: one.dependsOn.filter((purl) => present.has(purl)) })),
    problems: [...problems, ...files.problems],
  };
}

/** A root filesystem has an os-release (os-release(5)). */
function directoryKind(root: string): DirectoryKind {
  const has = (path: string) => {
    try {
      return statSync(`${root}/${path}`, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return false;
    }
  };
  return has('etc/os-release') || has('usr/lib/os-release') ? 'rootfs' : 'project';
}

/** Reads what the catalogers want, as a scan of a layer does; the digest is of the paths and what was found there. */
function keptOf(
  files: HostFiles,
  wants: (path: string) => boolean,
  catalogers: readonly Cataloger[],
  digest: { update(data: string | Uint8Array): unknown },
  onProgress: NonNullable<DirectoryOptions['onProgress']> = () => {},
): Omit<KeptFiles, 'touchedBy'> {
  const readers = catalogers.flatMap(({ name, version, reader }) => (reader ? [{ name, version, ...reader }] : []));
  const bodies = new Map<string, Uint8Array>();
  const readings = new Map<string, Reading[]>();
  const paths = new Set<string>();
  let kept = 0;
  const sorted = [...files.tree.files()].sort((a, b) => compareBytes(a.path, b.path));
  for (const [index, { path, kind, entry }] of sorted.entries()) {
    onProgress(index, sorted.length);
    if (kind !== 'file') continue;
    const isKept = wants(path);
    const chosen = readers.filter((reader) => reader.wants(entry));
    if (!isKept && chosen.length === 0) continue;
    if (isKept && (entry.size > LIMITS.keptFileBytes || kept + entry.size > LIMITS.keptBytes)) {
      files.problems.push({ path, message: 'not read: more than is kept of one file, or of all' });
      continue;
    }
    files.read(path, (source) => {
      if (isKept) {
        const bytes = source.slice(0, source.size);
        bodies.set(path, bytes);
        kept += bytes.length;
        digest.update(`${path}\0`);
        digest.update(bytes);
      }
      const found = readAll(chosen, source, path, files);
      if (found.length > 0) {
        readings.set(path, found);
        digest.update(`${path}\0${JSON.stringify(found)}`);
      }
      paths.add(path);
    });
  }
  return { body: ({ path }) => bodies.get(path), readings: ({ path }) => readings.get(path) ?? [], paths };
}

type Source = Parameters<FileReader['read']>[0];

function readAll(readers: readonly FileReader[], source: Source, path: string, { problems }: HostFiles): Reading[] {
  if (readers.length === 0 || source.size > LIMITS.readFileBytes) return [];
  const head = source.slice(0, HEAD);
  const once = onceFor(source);
  return readers.flatMap((reader) => {
    if (reader.accepts && !reader.accepts(head)) return [];
    try {
      const value = reader.read(source, path, once);
      return value === undefined ? [] : [{ entry: 0, reader: reader.name, value }];
    } catch (error) {
      problems.push({ path, message: `not read: ${(error as Error).message}` });
      return [];
    }
  });
}
