import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { BuildPlace, BuildRequest } from '../lint/semantic/model.ts';
import type { Source } from '../report/finding.ts';
import type { BuildDraft } from './draft.ts';
import { type InlineText, readInline } from './inline.ts';
import { platformArguments } from './platforms.ts';
import { buildFileError, knownText, type Said } from './said.ts';

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
  /** What the builder sets for the platform: TARGETOS, TARGETARCH, …; none where there are several, or nothing says which. */
  readonly platformArgs: ReadonlyMap<string, string>;
}

/** Addresses and what other builds give: nothing of it is on this disk. */
const remote = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|target:|service:|docker-image:|oci-layout:)/i;

/**
 * Undefined for a build whose Dockerfile is fetched from elsewhere, and for what cannot be built and is only there to be
 * inherited from.
 * @throws DlintError E_CONFIG when it hangs on a variable that is not set, or its Dockerfile is not there
 */
export function finishBuild(draft: BuildDraft): Build | undefined {
  const { name, file, contexts, isBase = false } = draft;
  if (isBase && !draft.context && !draft.dockerfile && !draft.inline) return undefined;
  if (isBase && (draft.context?.unknown ?? draft.dockerfile?.unknown ?? draft.inline?.unknown)) return undefined;
  const context = draft.context ? knownText(draft.context) : '.';
  const isRemote = remote.test(context);
  const folder = isRemote ? undefined : pathFrom(draft.context?.file.folder ?? file.folder, context);
  const dockerfile = draft.inline
    ? readInline(draft.inline)
    : isRemote
      ? undefined
      : findDockerfile(draft, folder as string);
  if (dockerfile === undefined) return undefined;
  const request: BuildRequest = {
    name,
    args: [...draft.args].map(([argument, { text, isShared, ...place }]) => ({
      name: argument,
      ...placeOf(place),
      ...(text !== undefined && { value: text }),
      ...(isShared && { isShared }),
    })),
    ...(draft.target?.text !== undefined && { target: { text: draft.target.text, ...placeOf(draft.target) } }),
  };
  return {
    request,
    file: file.source,
    dockerfile,
    contexts: new Set(contexts.keys()),
    platformArgs: platformArguments(draft.platforms),
    ...(folder !== undefined && { context: folder }),
  };
}

function placeOf({ file, span }: Pick<Said, 'file' | 'span'>): BuildPlace {
  return { source: file.source, span };
}

/** Values of the arguments, as far as they are known. */
export function argumentValues({ request: { args }, platformArgs }: Build): ReadonlyMap<string, string> {
  const given = args.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return new Map([...platformArgs, ...given]);
}

/** @throws DlintError E_CONFIG when it is not there; undefined where that is no mistake */
function findDockerfile(draft: BuildDraft, folder: string): string | undefined {
  const path = pathFrom(folder, draft.dockerfile ? knownText(draft.dockerfile) : 'Dockerfile');
  if (existsSync(path)) return path;
  if (draft.isBase) return undefined;
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
