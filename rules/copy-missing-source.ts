import {
  type BuildContext,
  closest,
  defineRule,
  type Mount,
  readDockerIgnore,
  type Span,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-missing-source',
  category: 'correctness',
  severity: 'error',
  summary: 'COPY of a file that is not in the build context',
  why: 'The builder stops with "not found" at this step. Paths count from the root of the build context, which is not the folder of the Dockerfile, and nothing outside of it can be reached.',
  examples: [
    {
      bad: 'FROM node:22\nCOPY package.json «pakage-lock.json» ./\n',
      good: 'FROM node:22\nCOPY package.json package-lock.json ./\n',
      context: { files: { 'package.json': 0, 'package-lock.json': 0 }, isGiven: true },
    },
    {
      bad: 'FROM node:22\nARG F=b\nADD [«"./a/$F"», "/b"]\nCOPY «a/b» /c\nCOPY a/c/ /d\n',
      context: { files: { 'a/c/d': 0 }, isGiven: true },
    },
    {
      bad: 'FROM node:22\nRUN --mount=source=«b»,target=/b --mount=type=bind,source=a,target=/a true\n',
      context: { files: { a: 0 }, isGiven: true },
      exact: true,
      note: 'Behind ONBUILD it would be the context of another build.',
    },
    {
      good: 'FROM node:22 AS x\nFROM node:22\nCOPY --from=x b /b\nCOPY . /a\nCOPY ../a /a\nCOPY b* $X <<b /c/\nb\n',
      context: { files: { a: 0 }, isGiven: true },
    },
    {
      good: 'FROM node:22\nONBUILD COPY b /b\nADD https://a.example/b /b\nRUN --mount=type=cache,source=b,target=/b --mount=from=a:1,source=b,target=/c true\n',
      context: { files: { a: 0 }, isGiven: true },
    },
    {
      good: 'FROM node:22\nCOPY dist /srv\n',
      context: { files: { a: 0 }, ignore: 'dist', isGiven: true },
      note: 'This is `copy-ignored`.',
    },
    {
      good: 'FROM node:22\nCOPY dist /srv\n',
      context: { files: { a: 0 } },
      note: 'Nobody has said that this folder is the context; and dist may be there when it is.',
    },
  ],
  *check({ steps, context }) {
    if (!context?.isGiven || !context.has) return;
    const ignore = context.ignoreFile && readDockerIgnore(context.ignoreFile.text);
    for (const step of steps) {
      for (const { path, at } of neededPaths(step)) {
        if (/[*?[\\]/.test(path) || context.has(path) || ignore?.ignoredBy(path) !== undefined) continue;
        const near = nearest(context, path);
        yield {
          at,
          message: `there is no ${path} in the build context ${context.path}`,
          help: near === undefined ? 'paths count from the root of the build context' : `did you mean ${near}?`,
        };
      }
    }
  },
});

function neededPaths({ copy, mounts, deferred }: Step): { path: string; at: Span }[] {
  if (deferred) return [];
  const isOfContext = copy?.from.kind === 'context' && !('name' in copy.from);
  const copied = (isOfContext ? copy.sources : []).flatMap(({ kind, path, word }) => {
    return kind === 'path' && path !== undefined ? [{ path, at: word.span }] : [];
  });
  return [...copied, ...mounts.flatMap(mountedPath)];
}

function mountedPath({ type, from, source, fields, span }: Mount): { path: string; at: Span }[] {
  if (type !== 'bind' || from !== undefined || source === undefined || source.includes('$')) return [];
  return [{ path: source, at: fields.findLast(({ key }) => /^(source|src)$/.test(key))?.valueSpan ?? span }];
}

function nearest({ list }: BuildContext, path: string): string | undefined {
  const [, folder = '', name = ''] = /^(.*?)([^/]*)\/*$/s.exec(path) ?? [];
  const near = closest(name, list?.(folder.replace(/^\.?\/+|\/+$/g, '')) ?? []);
  return near && `${folder}${near}`;
}
