import { readdirSync, realpathSync, statfsSync, writeSync } from 'node:fs';
import { DlintError } from '../errors.ts';
import type { ExtractReport } from '../report/extract-report.ts';
import { byteSize, sizeAndBound } from '../report/units.ts';
import { type ExtractPlan, type PlannedBody, planExtract } from './extract-plan.ts';
import { HostProblem, HostTree } from './host-tree.ts';
import type { Layer } from './image.ts';
import type { TreeFile } from './image-tree.ts';
import { LIMITS } from './limits.ts';
import { makeFolder } from './make-folder.ts';
import { passBodies } from './read-bodies.ts';
import type { StackedImage } from './stacked-image.ts';

export interface ExtractOptions {
  /** Only paths that match, and what is below them. */
  readonly globs?: readonly string[];
  /** Into a folder that is not empty, over what is there. */
  readonly force?: boolean;
  readonly setuid?: boolean;
  /** Make devices and fifos. */
  readonly devices?: boolean;
  /** Bytes at most; default `LIMITS.inflatedBytes`. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Told of one run at most; the rest are counted. */
const MOST_PROBLEMS = 1000;

/**
 * Writes the file system of an image below `target`, which is made if it is missing. Bodies pass from layer to file;
 * what a path of its own has wrong is told in the report. Owners and extended attributes are not set.
 * Errors: `E_WRITE`, `E_LIMIT`, `E_NOT_FOUND` when no path matches, and those of reading layers.
 */
export async function extractImage(
  stacked: StackedImage,
  target: string,
  options: ExtractOptions = {},
): Promise<ExtractReport> {
  const plan = planExtract(stacked.tree, options.globs);
  checkPlan(plan, stacked, options);
  const root = openTarget(target, options.force === true);
  checkRoom(plan.bytes, root);
  const run = new Extraction(stacked, plan, root, options);
  await run.run();
  return run.report(target);
}

class Extraction {
  readonly #stacked: StackedImage;
  readonly #plan: ExtractPlan;
  readonly #host: HostTree;
  readonly #root: string;
  readonly #options: ExtractOptions;
  readonly #counts = { files: 0, hardLinks: 0, directories: 0, symlinks: 0, specials: 0, bytes: 0 };
  readonly #problems: { path: string; message: string }[] = [];
  #problemCount = 0;
  #done = 0;

  constructor(stacked: StackedImage, plan: ExtractPlan, root: string, options: ExtractOptions) {
    this.#stacked = stacked;
    this.#plan = plan;
    this.#root = root;
    this.#host = new HostTree(root, { force: options.force === true, setuid: options.setuid === true });
    this.#options = options;
  }

  async run(): Promise<void> {
    const { directories, bodies, symlinks, specials } = this.#plan;
    const made: TreeFile[] = [];
    for (const directory of directories) {
      if (!this.#try(() => this.#host.makeDirectory(directory.path))) continue;
      made.push(directory);
      this.#counts.directories++;
    }
    for (const [layer, list] of bodies) await this.#write(layer, list);
    if (this.#options.devices) {
      for (const special of specials) {
        if (this.#try(() => this.#host.makeSpecial(special))) this.#counts.specials++;
      }
    }
    for (const { path, entry } of symlinks) {
      if (this.#try(() => this.#host.symlink(path, entry))) this.#counts.symlinks++;
    }
    for (const { path, entry } of made.reverse()) this.#try(() => this.#host.finishDirectory(path, entry));
  }

  report(target: string): ExtractReport {
    const { bodies, specials } = this.#plan;
    const all = [...bodies.values()].flat().map(({ file }) => file.entry);
    return {
      target,
      reference: this.#stacked.image.reference,
      ...this.#counts,
      skippedSpecials: this.#options.devices ? 0 : specials.length,
      droppedSetuid: this.#options.setuid ? 0 : all.filter(({ mode }) => (mode & 0o6000) !== 0).length,
      droppedXattrs: all.filter(({ xattrs }) => xattrs !== undefined).length,
      problems: this.#problems,
      problemCount: this.#problemCount,
    };
  }

  async #write(layer: number, list: readonly PlannedBody[]): Promise<void> {
    const { image } = this.#stacked;
    const { onProgress, signal } = this.#options;
    let open: { readonly index: number; readonly fd: number | undefined } | undefined;
    const close = (): void => {
      if (open?.fd !== undefined) this.#finish(list[open.index] as PlannedBody, open.fd);
      open = undefined;
    };
    for (const body of list) {
      if (body.file.entry.size > 0) continue;
      const fd = this.#create(body);
      if (fd !== undefined) this.#finish(body, fd);
    }
    try {
      await passBodies(
        (image.layers[layer - 1] as Layer).at,
        list.map(({ file }) => file.entry),
        (index, piece) => {
          if (open?.index !== index) {
            close();
            open = { index, fd: this.#create(list[index] as PlannedBody) };
          }
          if (open?.fd !== undefined) writeAll(open.fd, piece, this.#root);
          this.#done += piece.length;
          onProgress?.({ done: this.#done, total: this.#plan.bytes });
        },
        { where: `${image.reference}: layer ${layer}`, ...(signal && { signal }) },
      );
    } finally {
      close();
    }
  }

  /** Under the first of its paths that can be made; those before it are moved behind, so that nobody links to them. */
  #create({ file, paths }: PlannedBody): number | undefined {
    while (paths.length > 0) {
      let fd: number | undefined;
      if (this.#try(() => (fd = this.#host.createFile(paths[0] as string, file.entry)))) return fd;
      paths.shift();
    }
    return undefined;
  }

  #finish({ file, paths }: PlannedBody, fd: number): void {
    const [first, ...others] = paths as [string, ...string[]];
    this.#host.closeFile(fd, file.entry);
    this.#counts.files++;
    this.#counts.bytes += file.entry.size;
    for (const path of others) if (this.#try(() => this.#host.link(first, path))) this.#counts.hardLinks++;
  }

  /** False when the path has a problem, which is kept. */
  #try(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof HostProblem)) throw error;
      this.#problemCount++;
      if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ path: error.path, message: error.message });
      return false;
    }
  }
}

function checkPlan(
  plan: ExtractPlan,
  { image }: StackedImage,
  { globs, maxBytes = LIMITS.inflatedBytes }: ExtractOptions,
): void {
  const isEmpty = plan.directories.length + plan.bodies.size + plan.symlinks.length + plan.specials.length === 0;
  if (isEmpty && globs !== undefined) {
    throw new DlintError('E_NOT_FOUND', `no path of the image matches ${globs.join(' or ')}`, {
      where: image.reference,
      hint: 'patterns are of whole paths: etc/passwd, usr/lib/**/*.so, **/*.jar',
    });
  }
  if (plan.bytes <= maxBytes) return;
  const [size, most] = sizeAndBound(plan.bytes, maxBytes);
  throw new DlintError('E_LIMIT', `the files have ${size}, more than ${most}`, {
    where: image.reference,
    hint: 'choose some with --path, or allow more with --max-size',
  });
}

/** The real path of the target, made if missing. */
function openTarget(target: string, force: boolean): string {
  try {
    makeFolder(target);
    const root = realpathSync(target);
    if (force || readdirSync(root).length === 0) return root;
  } catch (error) {
    throw new DlintError('E_WRITE', `cannot extract to ${target}`, { where: (error as Error).message, cause: error });
  }
  throw new DlintError('E_WRITE', `${target} is not empty`, {
    where: target,
    hint: 'name a new folder, or write over what is there with --force',
  });
}

/** Sooner than when the disk is full. */
function checkRoom(bytes: number, root: string): void {
  const { bavail, bsize } = statfsSync(root);
  if (bytes <= bavail * bsize) return;
  throw new DlintError('E_WRITE', `${byteSize(bytes)} are needed and ${byteSize(bavail * bsize)} are free`, {
    where: root,
    hint: 'extract to another place, or choose some files with --path',
  });
}

function writeAll(fd: number, piece: Buffer, root: string): void {
  try {
    for (let at = 0; at < piece.length; ) at += writeSync(fd, piece, at);
  } catch (error) {
    throw new DlintError('E_WRITE', 'the image cannot be extracted', {
      where: `${root}: ${(error as Error).message}`,
      hint: 'what was extracted so far is still there, the last file in part',
      cause: error,
    });
  }
}
