import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { BuildPlace, BuildRequest } from '../lint/semantic/model.ts';
import type { Source } from '../report/finding.ts';
import { type InlineText, readInline } from './inline.ts';
import { type BuildFile, buildFileError, type Said } from './said.ts';

/** What files say of one build, as far as it has been read: later ones beat earlier ones. */
export interface BuildDraft {
  readonly name: string;
  /** The file that speaks of it first. */
  readonly file: BuildFile;
  /** Offset of its name there. */
  readonly at: number;
  readonly context?: Said;
  readonly dockerfile?: Said;
  readonly inline?: Said;
  readonly target?: Said;
  readonly args: ReadonlyMap<string, Said>;
  readonly contexts: ReadonlySet<string>;
}

/** One build that a file asks for. */
export interface Build {
  readonly request: BuildRequest;
  /** The compose or bake file. */
  readonly file: Source;
  /** The Dockerfile: a path as the user would type it, or a text in the file itself. */
  readonly dockerfile: string | InlineText;
  /** Its folder; absent for one that is fetched from elsewhere. */
  readonly context?: string;
  readonly contexts: ReadonlySet<string>;
}

/** Addresses and what other builds give: nothing of it is on this disk. */
const remote = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|target:|docker-image:|oci-layout:)/i;

export function mergeDrafts(base: BuildDraft, over: BuildDraft): BuildDraft {
  return {
    ...base,
    ...over,
    file: base.file,
    at: base.at,
    args: new Map([...base.args, ...over.args]),
    contexts: new Set([...base.contexts, ...over.contexts]),
  };
}

/**
 * Undefined for a build whose Dockerfile is fetched from elsewhere.
 * @throws DlintError E_CONFIG when it hangs on a variable that is not set, or its Dockerfile is not there
 */
export function finishBuild(draft: BuildDraft): Build | undefined {
  const { name, file, contexts } = draft;
  const context = known(draft.context) ?? '.';
  const isRemote = remote.test(context);
  const folder = isRemote ? undefined : pathFrom(draft.context?.file.folder ?? file.folder, context);
  const dockerfile = draft.inline
    ? readInline(draft.inline)
    : isRemote
      ? undefined
      : findDockerfile(draft, folder as string);
  if (dockerfile === undefined) return undefined;
  const args = [...draft.args];
  const request: BuildRequest = {
    name,
    args: args.map(([argument, { text, ...place }]) => ({
      name: argument,
      ...placeOf(place),
      ...(text !== undefined && { value: text }),
    })),
    ...(draft.target?.text !== undefined && { target: { text: draft.target.text, ...placeOf(draft.target) } }),
  };
  return { request, file: file.source, dockerfile, contexts, ...(folder !== undefined && { context: folder }) };
}

function placeOf({ file, span }: Pick<Said, 'file' | 'span'>): BuildPlace {
  return { source: file.source, span };
}

/** Values of the arguments, as far as they are known. */
export function argumentValues({ args }: BuildRequest): ReadonlyMap<string, string> {
  return new Map(args.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}

/** @throws DlintError E_CONFIG when it hangs on a variable that is not set */
function known(value: Said | undefined): string | undefined {
  if (!value || value.missing === undefined) return value?.text;
  throw buildFileError(
    value.file,
    value.span.start,
    `${value.missing} is not set`,
    `set it in the environment or in .env, or give a default: \${${value.missing}:-value}`,
  );
}

function findDockerfile(draft: BuildDraft, folder: string): string {
  const named = known(draft.dockerfile);
  const path = pathFrom(folder, named ?? 'Dockerfile');
  if (existsSync(path)) return path;
  const file = (draft.dockerfile ?? draft.context)?.file ?? draft.file;
  const at = (draft.dockerfile ?? draft.context)?.span.start ?? draft.at;
  throw buildFileError(
    file,
    at,
    `there is no ${path}, which ${draft.name} is built from`,
    'paths of a Dockerfile are relative to the build context',
  );
}

/** As the user would type it: relative to the working directory where the folder is. */
function pathFrom(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  const joined = join(folder, path);
  if (!isAbsolute(joined)) return joined;
  const short = relative(process.cwd(), resolve(joined));
  return isAbsolute(folder) && (short.startsWith('..') || short === '') ? joined : short;
}
