import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { BuildContext } from './lint/semantic/model.ts';

/** A longer ignore file is none. */
const maxBytes = 1024 * 1024;

/**
 * What a Dockerfile's own folder says about the build context: `NAME.dockerignore`, which belongs to one Dockerfile
 * wherever the context is, or the `.dockerignore` beside it, which makes the folder a context (Dockerfile reference,
 * ".dockerignore file"). For a Containerfile, what Podman reads goes first. Undefined when there is no such file.
 */
export function buildContextOf(dockerfile: string): BuildContext | undefined {
  if (dockerfile === '-') return undefined;
  const folder = dirname(dockerfile);
  const suffixes = /containerfile/i.test(basename(dockerfile)) ? ['containerignore', 'dockerignore'] : ['dockerignore'];
  const names = [
    ...suffixes.map((suffix) => `${basename(dockerfile)}.${suffix}`),
    ...suffixes.map((suffix) => `.${suffix}`),
  ];
  for (const name of names) {
    const path = join(folder, name);
    const text = readText(path);
    if (text !== undefined) return { path: folder, ignoreFile: { path, text } };
  }
  return undefined;
}

function readText(path: string): string | undefined {
  let fd: number | undefined;
  try {
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
