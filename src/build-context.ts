import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { DlintError } from './errors.ts';
import { type ContextEntry, type ContextWeight, weighFolder } from './lint/context-weight.ts';
import { readDockerIgnore } from './lint/dockerignore.ts';
import type { BuildContext } from './lint/semantic/model.ts';

/** A longer ignore file is none. */
const maxBytes = 1024 * 1024;

/**
 * What is known of the build context of a Dockerfile.
 *
 * Its ignore file is `NAME.dockerignore` beside the Dockerfile, which belongs to that one wherever the context is, or
 * the `.dockerignore` in the root of the context (Dockerfile reference, ".dockerignore file"). For a Containerfile,
 * what Podman reads goes first.
 *
 * Without `given`, the Dockerfile's own folder is the context where it looks like one: a `.dockerignore` stands beside
 * the Dockerfile, or it is the root of a repository. Undefined when nothing is known.
 *
 * @param isSure false: `given` is what a file says that nobody has asked for
 */
export function buildContextOf(dockerfile: string, given?: string, isSure = true): BuildContext | undefined {
  const own = dockerfile === '-' ? undefined : dirname(dockerfile);
  const root = given ?? own;
  if (root === undefined) return undefined;
  const isContainerfile = /containerfile/i.test(basename(dockerfile));
  const suffixes = isContainerfile ? ['containerignore', 'dockerignore'] : ['dockerignore'];
  const named = own === undefined ? [] : suffixes.map((suffix) => join(own, `${basename(dockerfile)}.${suffix}`));
  const ownIgnore = firstText(named);
  const ignoreFile = ownIgnore ?? firstText(suffixes.map((suffix) => join(root, `.${suffix}`)));
  if (given !== undefined) return folderContext(given, isSure, ignoreFile);
  const isRoot = isRepository(root) && /^(Docker|Container)file$/.test(basename(dockerfile));
  if ((ignoreFile && !ownIgnore) || isRoot) return folderContext(root, false, ignoreFile);
  return ignoreFile && { path: root, ignoreFile };
}

/** `--context`: a folder that is there. Throws `E_NOT_FOUND`. */
export function checkContext(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new DlintError('E_NOT_FOUND', `there is no folder ${path}`, {
    where: `--context ${path}`,
    hint: 'it is the last argument of docker build, mostly .',
  });
}

function isRepository(folder: string): boolean {
  return statSync(join(folder, '.git'), { throwIfNoEntry: false })?.isDirectory() === true;
}

function folderContext(root: string, isGiven: boolean, ignoreFile: BuildContext['ignoreFile']): BuildContext {
  const weights = new Map<string, ContextWeight>();
  return {
    path: root,
    isGiven,
    ...(ignoreFile && { ignoreFile }),
    has: (path) => lstatSync(inside(root, path), { throwIfNoEntry: false }) !== undefined,
    list: (folder) => readFolder(root, folder)?.map(({ name }) => name),
    weigh: (folder, isMarked) => {
      const path = posix.normalize(`/${folder}`).replace(/^\/+|\/+$/g, '');
      const ignore = ignoreFile && readDockerIgnore(ignoreFile.text);
      const weight = weights.get(path) ?? weighFolder(path, (each) => readFolder(root, each) ?? [], isMarked, ignore);
      weights.set(path, weight);
      return weight;
    },
  };
}

/** As the builder reads paths: `..` at the root is the root. */
function inside(root: string, path: string): string {
  return join(root, posix.normalize(`/${path}`));
}

function readFolder(root: string, folder: string): ContextEntry[] | undefined {
  const path = inside(root, folder);
  try {
    return readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isDirectory() ? 'folder' : 'file',
      bytes: () => (entry.isFile() ? sizeOf(join(path, entry.name)) : 0),
    }));
  } catch {
    return undefined;
  }
}

function sizeOf(file: string): number {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function firstText(paths: readonly string[]): { readonly path: string; readonly text: string } | undefined {
  for (const path of paths) {
    const text = readText(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

function readText(path: string): string | undefined {
  let fd: number | undefined;
  try {
    // Mostly there is none, and what `openSync` throws then takes longer to make than to ask first.
    if (!statSync(path, { throwIfNoEntry: false })) return undefined;
    // A pipe of that name must not keep the program waiting.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= maxBytes ? readFileSync(fd, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
