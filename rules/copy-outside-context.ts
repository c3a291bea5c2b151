import { defineRule, type Mount, replace, type SemanticModel, type Span, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-outside-context',
  category: 'correctness',
  severity: 'warning',
  summary: '`..` leads out of the build context',
  why: 'A build gets its context and nothing else. BuildKit leaves `..` out at the root of the context, so `../a` is the `a` in it, or "not found"; the classic builder stops. Either way it is not the file that the path seems to name.',
  examples: [
    { bad: 'FROM node:22\nCOPY «../package.json» ./\n', good: 'FROM node:22\nCOPY package.json ./\n' },
    {
      bad: 'FROM node:22\nARG E\nADD a/../b «./../../lib/» «".."» «../$E» «../a/../b» «c/./../../c» /d/\nCOPY [«"../a b"», "/e"]\n',
      good: 'FROM node:22\nARG E\nADD a/../b lib/ "." $E b c /d/\nCOPY ["a b", "/e"]\n',
    },
    {
      bad: 'FROM node:22\nARG D=../..\nARG E\nCOPY «$D/c» $E/../.. /f/\n',
      fixed: false,
      good: 'FROM node:22\nARG D=../..\nARG E\nCOPY c $E/../.. /f/\n',
    },
    {
      bad: 'FROM node:22\nRUN --mount=type=bind,source=«../src»,target=/src --mount=src=«../a»,target=/a make\n',
      good: 'FROM node:22\nRUN --mount=type=bind,source=src,target=/src --mount=src=a,target=/a make\n',
    },
    {
      bad: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY «..\\app» C:\\app\\\n',
      good: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY app C:\\app\\\n',
      exact: true,
    },
    {
      bad: 'FROM node:22\nCOPY «../a» ../b «../c*» /d/\n',
      good: 'FROM node:22\nCOPY a ../b c* /d/\n',
      context: { files: { a: 0 }, isGiven: true },
      exact: true,
      note: 'That there is no b at all is `copy-missing-source`.',
    },
    {
      bad: 'FROM node:22\nONBUILD COPY «../b» /d/\n',
      good: 'FROM node:22\nONBUILD COPY b /d/\n',
      context: { files: { a: 0 }, isGiven: true },
    },
    {
      bad: 'FROM node:22\nCOPY «../b» /d/\n',
      good: 'FROM node:22\nCOPY b /d/\n',
      context: { files: { a: 0 } },
      exact: true,
    },
    {
      good: 'FROM node:22 AS a\nFROM node:22\nCOPY --from=a ../x /x\nCOPY --from=files ../x /x\nRUN --mount=from=a,source=../x,target=/x --mount=type=secret,src=../x,target=/y true\n',
      note: 'That is below the root of another file system.',
    },
    {
      good: 'FROM node:22\nADD https://a.example/../../../../b ..a /../../c ../\nCOPY ["..\\\\a", "/b"]\nCOPY <<../d /e\nx\n../d\nRUN cp ../a b\n',
    },
  ],
  *check(model) {
    for (const step of model.steps) {
      for (const found of contextPaths(step)) {
        const { path, at } = found;
        const inside = insideOf(path);
        if (inside === undefined || isKnownToMiss(model, step, inside)) continue;
        const fix = repairOf(model, found, inside);
        yield {
          at,
          message: `${path} leads out of the build context: BuildKit takes ${inside}, the classic builder refuses it`,
          help: 'write the path from the root of the context; for files elsewhere take a larger context, or a second one (--build-context NAME=DIR and COPY --from=NAME)',
          ...(fix && { fix }),
        };
      }
    }
  },
});

interface ContextPath {
  readonly path: string;
  readonly at: Span;
}

function contextPaths({ copy, mounts }: Step): ContextPath[] {
  const isOfContext = copy?.from.kind === 'context' && !('name' in copy.from);
  const sources = (isOfContext ? copy.sources : []).filter(({ kind }) => kind === 'path');
  return [
    ...sources.map(({ path, word }) => ({ path: path ?? word.text, at: word.span })),
    ...mounts.flatMap(mountedPath),
  ];
}

function mountedPath({ type, from, source, fields, span }: Mount): ContextPath[] {
  if (type !== 'bind' || from !== undefined || source === undefined) return [];
  return [{ path: source, at: fields.findLast(({ key }) => /^(source|src)$/.test(key))?.valueSpan ?? span }];
}

/** What is left of a path when `..` stops at the root; undefined for one that does not lead out as far as it is known. */
function insideOf(path: string): string | undefined {
  const parts = path.split(/[\\/]/);
  if (parts[0] === '') return undefined;
  const inside: string[] = [];
  let leadsOut = false;
  for (const part of parts) {
    if (part.includes('$') && !leadsOut) return undefined;
    if (part === '..') leadsOut = inside.pop() === undefined || leadsOut;
    else if (part !== '.') inside.push(part);
  }
  return leadsOut ? inside.join('/') || '.' : undefined;
}

/** Then `copy-missing-source` tells of it. */
function isKnownToMiss({ context }: SemanticModel, { deferred }: Step, path: string): boolean {
  if (deferred || context?.isGiven !== true || !context.has || /[*?[$]/.test(path)) return false;
  return !context.has(path);
}

/** For BuildKit the same path; whether it is the one that is meant only a person knows. */
function repairOf({ dockerfile: { source } }: SemanticModel, { path, at }: ContextPath, inside: string) {
  const written = source.text.slice(at.start, at.end);
  if (!written.includes(path)) return undefined;
  return {
    title: `Write ${inside}`,
    safe: false,
    edits: [
      replace(
        at,
        written.replace(path, () => inside),
      ),
    ],
  };
}
