import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readDocument } from '../config/document.ts';
import type { ConfigNode } from '../config/node.ts';
import { DlintError } from '../errors.ts';
import { readFailure } from '../files.ts';
import { bakeBuilds } from './bake.ts';
import { type Build, type BuildDraft, finishBuild, mergeDrafts } from './build.ts';
import { composeBuilds } from './compose.ts';
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
    const { file, node } = this.#parse(path, text ?? readText(path));
    if (!/^docker-bake/.test(basename(path))) return composeBuilds(file, node, this);
    const override = join(dirname(path), 'docker-bake.override.json');
    const drafts = bakeBuilds(file, node);
    if (basename(path) !== 'docker-bake.json' || text !== undefined || !this.has(override)) return drafts;
    const over = this.open(override, { file, at: 0 });
    return joinDrafts(drafts, bakeBuilds(over.file, over.node));
  }

  has(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  }

  /** @param from where another file names it */
  open(path: string, from: { readonly file: BuildFile; readonly at: number }): { file: BuildFile; node: ConfigNode } {
    const known = this.#opened.get(path);
    if (known) return known;
    if (this.#opened.size >= maxFiles)
      throw buildFileError(from.file, from.at, `more than ${maxFiles} files are read for this one`);
    if (!this.has(path)) throw buildFileError(from.file, from.at, `there is no file ${path}`);
    const opened = this.#parse(path, readText(path));
    this.#opened.set(path, opened);
    return opened;
  }

  #parse(path: string, text: string): { file: BuildFile; node: ConfigNode } {
    const folder = dirname(path);
    const variables = variablesFor(process.env, [join(resolve(folder), '.env')]);
    const file: BuildFile = { source: { path, text }, folder, variables };
    const read = readDocument(text, 'anchor');
    if ('node' in read) return { file, node: read.node };
    const [problem] = read.problems;
    throw buildFileError(file, problem?.at ?? 0, problem?.message ?? 'it cannot be read');
  }
}

/** The second speaks last of each build. */
export function joinDrafts(base: readonly BuildDraft[], over: readonly BuildDraft[]): readonly BuildDraft[] {
  const drafts = new Map(base.map((draft) => [draft.name, draft]));
  for (const draft of over) {
    const known = drafts.get(draft.name);
    drafts.set(draft.name, known ? mergeDrafts(known, draft) : draft);
  }
  return [...drafts.values()];
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
