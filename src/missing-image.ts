import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DlintError } from './errors.ts';
import type { Invocation } from './flags.ts';
import { engineReference } from './layers/sources/engine.ts';
import { ARCHIVE_SUFFIX, isSpelledLikePath, parseReference } from './layers/sources/registry/reference.ts';
import { closest } from './lint/closest.ts';
import { officialImages } from './lint/semantic/official-images.ts';

/**
 * Looks at what a command line names as images before a registry is asked for it.
 * @throws DlintError E_NOT_FOUND for a path that does not exist, and for a name that only a file here comes near
 */
export function checkImagesExist(invocation: Invocation): void {
  for (const reference of imagesOf(invocation)) checkExists(reference, invocation.command === 'sbom');
}

function imagesOf({ command, args, flags }: Invocation): readonly string[] {
  const [first = ''] = args;
  switch (command) {
    case 'diff':
    case 'shared':
      return args;
    case 'inspect':
      return [first, ...(flags.base === undefined || /^\d+$/.test(flags.base) ? [] : [flags.base])];
    case 'check':
      return [first, ...(flags.against === undefined ? [] : [flags.against])];
    case 'cat':
    case 'extract':
    case 'sbom':
      return [first];
    default:
      return [];
  }
}

/** `takesFolders` where any folder is read, not only one in which an image lies. */
function checkExists(reference: string, takesFolders: boolean): void {
  if (isElsewhere(reference) || exists(reference)) return;
  const isPath = isSpelledLikePath(reference);
  if (!isPath && !mayBeMistyped(reference)) return;
  const near = isPath ? nearPath(reference) : nearImage(reference, takesFolders);
  if (!isPath && near === undefined) return;
  throw new DlintError('E_NOT_FOUND', 'there is no such file or folder', {
    where: reference,
    ...(near !== undefined && {
      hint: isPath ? near : `did you mean ${near}? An image of a registry of this name: docker://${reference}`,
    }),
  });
}

/** Standard input, an engine, a registry that is meant for sure, an address: each has words of its own. */
function isElsewhere(reference: string): boolean {
  if (reference === '' || reference === '-' || /^(?:docker|https?):\/\/|^(?:dir|rootfs):/.test(reference)) return true;
  return engineReference(reference) !== undefined;
}

/** What is no image of Docker's own, and states neither registry nor tag nor digest. */
function mayBeMistyped(reference: string): boolean {
  const parsed = parseReference(reference);
  if (!parsed) return true;
  if (parsed.registry !== 'docker.io' || /[:@]|^library\//.test(reference)) return false;
  return !officialImages.has(reference);
}

/** What a path that does not exist may mean, down to the folder that is missing. */
function nearPath(path: string): string | undefined {
  if (path.startsWith('~')) return 'the shell has not filled in ~: write "$HOME"/… instead';
  let missing = path;
  while (!exists(dirname(missing)) && dirname(missing) !== missing) missing = dirname(missing);
  const names = namesIn(dirname(missing));
  const name = basename(missing);
  const stem = stemOf(name);
  const meant =
    missing === path
      ? (names.find((one) => isArchiveName(one) && stemOf(one) === stem) ?? closest(name, names.filter(isArchiveName)))
      : undefined;
  const near = meant ?? closest(name, names);
  const shown = near === undefined ? undefined : `did you mean ${besides(missing, near)}?`;
  if (missing === path) return shown;
  return `there is no folder ${missing}${shown === undefined ? '' : `; ${shown}`}`;
}

/** An image that lies here under nearly this name. One of the very name but for its suffix may be a copy of what is meant. */
function nearImage(reference: string, takesFolders: boolean): string | undefined {
  const name = basename(reference);
  const images = namesIn(dirname(reference))
    .map((file) => ({ file, stem: stemOf(file) }))
    .filter(({ stem }) => stem !== name && Math.abs(stem.length - name.length) < 3)
    .filter(({ file }) => isImage(besides(reference, file), takesFolders));
  const near = closest(
    name,
    images.map(({ stem }) => stem),
  );
  const found = images.find(({ stem }) => stem === near);
  return found && besides(reference, found.file);
}

function isImage(path: string, takesFolders: boolean): boolean {
  const stat = statOf(path);
  if (stat?.isFile()) return isArchiveName(path);
  if (!stat?.isDirectory()) return false;
  return takesFolders || ['oci-layout', 'index.json', 'manifest.json'].some((name) => exists(join(path, name)));
}

function isArchiveName(name: string): boolean {
  return ARCHIVE_SUFFIX.test(name);
}

function stemOf(name: string): string {
  const suffix = /(?:\.tar)?\.[^.]*$/.exec(name);
  return isArchiveName(name) && suffix ? name.slice(0, suffix.index) : name;
}

/** The other name in the same folder, written as the path was. */
function besides(path: string, name: string): string {
  return path.replace(/\/+$/, '').replace(/[^/]*$/, () => name);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** True for what may not be looked at, too: who opens it says so. */
function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
