import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readDocument } from '../config/document.ts';
import type { ConfigNode } from '../config/node.ts';
import { DlintError } from '../errors.ts';
import { readFailure } from '../files.ts';
import { bakeBuilds } from './bake.ts';
import { parseBakeFile } from './bake-file.ts';
import { type Build, finishBuild } from './build.ts';
import { composeBuilds } from './compose.ts';
import type { BuildDraft } from './draft.ts';
import { type BuildFile, buildFileError } from './said.ts';
import { variablesFor } from './variables.ts';

const maxBytes = 1024 * 1024;
const maxFiles = 50;
/** What is said of one file at most. */
const maxErrors = 10;

export interface BuildsOfFile {
  readonly builds: readonly Build[];
  /** What is wrong with the file, or with single builds of it. */
  readonly errors: readonly DlintError[];
}

/** The builds that a compose or bake file asks for. `text` is what standard input held. */
export function readBuildFile(path: string, text?: string): BuildsOfFile {
  const errors: DlintError[] = [];
  const attempt = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof DlintError)) throw error;
      errors.push(error);
      return undefined;
    }
  };
  const drafts = attempt(() => new BuildFileReader().drafts(path, text)) ?? [];
  const builds: Build[] = [];
  for (const draft of drafts) {
    if (errors.length >= maxErrors) break;
    const build = attempt(() => finishBuild(draft));
    if (build) builds.push(build);
  }
  return { builds, errors };
}

/** Opens the files of one compose or bake file, up to a bound. */
export class BuildFileReader {
  readonly #opened = new Map<string, { file: BuildFile; node: ConfigNode }>();

  drafts(path: string, text: string | undefined): readonly BuildDraft[] {
    const file = fileOf(path, text ?? readText(path));
    if (!isBakeFile(path)) return composeBuilds(file, parse(file), this);
    const overrides = text === undefined && /^docker-bake\.(?:json|hcl)$/.test(basename(path)) ? ['json', 'hcl'] : [];
    const others = overrides
      .map((end) => join(dirname(path), `docker-bake.override.${end}`))
      .filter((each) => this.has(each))
      .map((each) => fileOf(each, readText(each)));
    return bakeBuilds([file, ...others].map(parseBakeFile), (name) => process.env[name]);
  }

  has(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  }

  /**
   * Opens another compose file.
   * @param from where it is named
   * @param project what it is read with, unless that is its own folder and the `.env` there
   */
  open(
    path: string,
    from: { readonly file: BuildFile; readonly at: number },
    project: Partial<Pick<BuildFile, 'folder' | 'variables'>> = {},
  ): { file: BuildFile; node: ConfigNode } {
    const key = `${path}\0${project.folder ?? ''}`;
    const known = this.#opened.get(key);
    if (known) return known;
    if (this.#opened.size >= maxFiles)
      throw buildFileError(from.file, from.at, `more than ${maxFiles} files are read for this one`);
    if (!this.has(path)) throw buildFileError(from.file, from.at, `there is no file ${path}`);
    const file = { ...fileOf(path, readText(path)), ...project };
    const opened = { file, node: parse(file) };
    this.#opened.set(key, opened);
    return opened;
  }
}

function isBakeFile(path: string): boolean {
  return /^docker-bake/.test(basename(path)) || path.endsWith('.hcl');
}

function fileOf(path: string, text: string): BuildFile {
  const folder = dirname(path);
  return { source: { path, text }, folder, variables: variablesFor(process.env, [join(resolve(folder), '.env')]) };
}

function parse(file: BuildFile): ConfigNode {
  const read = readDocument(file.source.text, 'anchor');
  if ('node' in read) return read.node;
  const [problem] = read.problems;
  throw buildFileError(file, problem?.at ?? 0, problem?.message ?? 'it cannot be read');
}

function readText(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new DlintError('E_READ', `${path} is no file`, { where: resolve(path) });
    if (stat.size > maxBytes)
      throw new DlintError('E_TOO_LARGE', `${path} is larger than 1 MiB`, { where: resolve(path) });
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw error instanceof DlintError ? error : readFailure(path, error);
  }
}
