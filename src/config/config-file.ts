import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { DlintError } from '../errors.ts';
import { readFailure } from '../files.ts';
import { lineStarts, positionAt } from '../report/position.ts';
import { readDocument } from './document.ts';
import type { ConfigNode, ConfigProblem, TableNode } from './node.ts';

const maxBytes = 256 * 1024;

/** A file of a configuration, parsed. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** As shown. */
  readonly name: string;
  readonly node: TableNode;
  /** `FILE:LINE` of an offset. */
  origin(at: number): string;
  error(problem: ConfigProblem): DlintError;
}

/**
 * @param key reads what stands under this key of the file
 * @throws DlintError E_NOT_FOUND, E_READ
 */
export function readConfigFile(
  path: string,
  key?: string,
): { readonly file: ConfigFile } | { readonly errors: readonly DlintError[] } {
  const name = shownPath(path);
  const text = readText(path, name);
  const starts = lineStarts(text);
  const error = ({ at, message, hint }: ConfigProblem): DlintError => {
    const { line, column } = positionAt(starts, at);
    return new DlintError('E_CONFIG', clip(message), { where: `${name}:${line}:${column}`, ...(hint && { hint }) });
  };
  const read = readDocument(text);
  if ('problems' in read) return { errors: read.problems.map(error) };
  const node = key === undefined ? read.node : valueUnder(read.node, key);
  if (node?.kind !== 'table') {
    const message = `the configuration is ${node?.kind === 'list' ? 'a list' : 'a single value'}, not a table of keys`;
    return { errors: [error({ at: node?.at ?? 0, message, hint: 'docs/configuration.md has examples' })] };
  }
  const origin = (at: number): string => `${name}:${positionAt(starts, at).line}`;
  return { file: { path, name, node, origin, error } };
}

/** A message may quote the file, which may be a single line. */
function clip(message: string): string {
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}

function valueUnder(node: ConfigNode, key: string): ConfigNode | undefined {
  return node.kind === 'table' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

/** Relative to the working directory where that is shorter. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || isAbsolute(short) || short.startsWith('../../') ? path : short;
}

function readText(path: string, name: string): string {
  let fd: number | undefined;
  try {
    // A pipe of that name must not keep the program waiting.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      const hint = 'a configuration is a file: it is read more than once';
      throw new DlintError('E_READ', `${name} is no file`, { where: path, hint });
    }
    if (stat.size > maxBytes) {
      const hint = 'a configuration is a short text; is this the right file?';
      throw new DlintError('E_CONFIG', `${name} is larger than 256 KiB`, { where: path, hint });
    }
    const text = readFileSync(fd, 'utf8');
    return text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  } catch (error) {
    throw error instanceof DlintError ? error : readFailure(name, error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
