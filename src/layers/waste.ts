import type { Waste } from '../report/image-report.ts';
import { byteSize } from '../report/units.ts';
import type { DeadBody, DeadGroup, StackedTree } from './image-tree.ts';
import { keywordOf } from './instruction.ts';

const EXAMPLES = 3;
/** Characters of an instruction that say which it is. */
const MOST_OF_INSTRUCTION = 40;
/** Deeper directories are not told apart. */
const MOST_LEVELS = 8;

/** Dead bytes by who stored them, who killed them and how: the most first, at most `limit`. */
export function wastes(tree: StackedTree, instructions: readonly string[], limit: number, layer?: number): Waste[] {
  const groups = tree.deadGroups(EXAMPLES, layer).sort((a, b) => b.bytes - a.bytes);
  return groups.slice(0, limit).map((group) => explain(group, instructions));
}

/** The deepest directory with most of the bytes below it. Only one of two siblings can hold more than half. */
function mainDirectory({ directories, bytes }: DeadGroup): { directory: string; isAllThere: boolean } {
  const below = new Map<string, number>();
  for (const [directory, sum] of directories()) {
    for (const ancestor of ancestors(directory)) below.set(ancestor, (below.get(ancestor) ?? 0) + sum);
  }
  let main = '';
  for (const [directory, sum] of below) if (sum > bytes / 2 && directory.length > main.length) main = directory;
  return { directory: main, isAllThere: main === '' || below.get(main) === bytes };
}

/** `a`, `a/b`, `a/b/c` of `a/b/c`. */
function* ancestors(directory: string): Generator<string> {
  let end = -1;
  for (let level = 0; level < MOST_LEVELS && directory !== '' && end < directory.length; level++) {
    end = directory.indexOf('/', end + 1);
    if (end < 0) end = directory.length;
    yield directory.slice(0, end);
  }
}

function explain(group: DeadGroup, instructions: readonly string[]): Waste {
  const { layer: storedIn, killedBy, cause, bytes, files, examples } = group;
  const maker = keywordOf(instructions[storedIn - 1] ?? '');
  const killer = keywordOf(instructions[killedBy - 1] ?? '');
  return {
    bytes,
    files,
    storedIn,
    killedBy,
    cause,
    ...mainDirectory(group),
    examples,
    explanation: explanationOf(group, instructions),
    advice: `save ${byteSize(bytes)}: ${adviceFor(group, maker, killer)}`,
  };
}

function explanationOf({ layer, killedBy, cause }: DeadGroup, instructions: readonly string[]): string {
  const name = (number: number) => `layer ${number} (${shortened(instructions[number - 1] ?? '')})`;
  if (layer === killedBy) return `stored twice or out of reach inside ${name(layer)}`;
  if (cause === 'removed') return `added in ${name(layer)}, removed in ${name(killedBy)}`;
  if (cause === 'overwritten') return `stored in ${name(layer)}, replaced in ${name(killedBy)}`;
  if (cause === 'metadata')
    return `stored in ${name(layer)}, stored again in ${name(killedBy)} with other metadata only`;
  return `stored in ${name(layer)}, stored again unchanged in ${name(killedBy)}`;
}

function shortened(instruction: string): string {
  return instruction.length <= MOST_OF_INSTRUCTION
    ? instruction
    : `${instruction.slice(0, MOST_OF_INSTRUCTION - 1).trimEnd()}…`;
}

function adviceFor(
  { layer, killedBy, cause }: DeadGroup,
  maker: string | undefined,
  killer: string | undefined,
): string {
  const isCopied = maker === 'COPY' || maker === 'ADD';
  if (layer === killedBy) return 'the tar of this layer has these paths twice: build it with another builder';
  if (layer === 1 && maker !== 'RUN') return fromBase(cause);
  if (cause === 'metadata') {
    return isCopied
      ? `set owner and mode while copying (${maker} --chown, --chmod)`
      : 'change owner, mode and times in the instruction that makes the files';
  }
  if (cause === 'rewritten') return `leave out the second ${killer ?? 'copy'}, or do both in one instruction`;
  if (isCopied && cause === 'removed') {
    return 'leave it out of the context (.dockerignore), or bind it for the one step (RUN --mount=type=bind)';
  }
  if (isCopied) return 'copy the final version only';
  if (maker === 'RUN' && killer === 'RUN') {
    return cause === 'removed'
      ? 'join the two RUNs, or keep it out of the image (RUN --mount=type=cache)'
      : 'join the two RUNs';
  }
  if (cause === 'removed') return 'remove it in the instruction that adds it, or build it in an earlier stage';
  return 'write it once, in one of the two layers';
}

function fromBase(cause: DeadBody['cause']): string {
  if (cause === 'removed') return 'start from a base image without it: removing it here does not make the base smaller';
  if (cause === 'metadata') return 'leave owner, mode and attributes as the base image has them';
  return 'start from a base image that has it so already';
}
