import {
  byteSize,
  type ContextWeight,
  counted,
  defineRule,
  type FolderWeight,
  ignoreLine,
  integerOption,
  isNeedlessFolder,
  listing,
  type SemanticModel,
  type Span,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'context-size',
  category: 'cache',
  severity: 'info',
  summary: 'COPY sends more of the build context than a build needs',
  why: 'All that COPY names is sent to the builder, is part of the cache key, and is in the layer. The history in `.git` changes with every commit, so that the step and all behind it run again though no source has changed; `node_modules` of the developer overwrites what the image has installed. What `.dockerignore` names is not sent at all. Of a very large context the first 50,000 files and folders are counted, level by level.',
  options: {
    megabytes: integerOption(100, 1, 1_000_000, 'So many MB (1,000,000 bytes) are too much, whatever it is.'),
  },
  examples: [
    {
      bad: 'FROM node:22\nCOPY «.» /app\n',
      good: 'FROM node:22\nCOPY src /app\n',
      context: { files: { '.git/HEAD': 3, 'src/a.js': 1 } },
    },
    {
      bad: 'FROM node:22\nCOPY «web/» /app\n',
      context: { files: { 'web/a.js': 1, 'web/lib/node_modules/a/b.js': 1 }, ignore: 'node_modules\n' },
      note: 'The pattern is for the root alone.',
    },
    {
      bad: 'FROM rust:1\nADD ["a", «"."», "/app"]\nCOPY . /b\n',
      context: { files: { 'target/debug/app': 50, 'Cargo.toml': 0, a: 1 } },
      note: 'Once for each folder.',
    },
    {
      bad: 'FROM alpine:3\nCOPY «data» /data\n',
      good: 'FROM alpine:3\nCOPY web/ /data\n',
      context: { files: { 'data/a/1': 8, 'data/b': 3, 'web/a': 10 } },
      options: { megabytes: 10 },
    },
    {
      bad: 'FROM alpine:3\nRUN git log\nCOPY «.» /a\n',
      context: { files: { '.git/HEAD': 1, '.venv/bin/python': 1 } },
      note: 'The history is needed, the environment is not.',
    },
    {
      good: 'FROM node:22\nCOPY . /app\n',
      context: { files: { '.git/HEAD': 3, 'a/node_modules/b': 1, 'src/a.js': 1 }, ignore: '.git\n**/node_modules\n' },
    },
    {
      good: 'FROM eclipse-temurin:21\nCOPY . /app\nCOPY target/app.jar /app.jar\n',
      context: { files: { 'target/app.jar': 30, 'pom.xml': 0 } },
      note: 'It is needed.',
    },
    { good: 'FROM eclipse-temurin:21\nCOPY . /app\n', context: { files: { 'target/app.jar': 30 } } },
    { good: 'FROM node:22\nRUN git describe\nCOPY . /app\n', context: { files: { '.git/HEAD': 3 } } },
    { good: 'FROM node:22\nCOPY --exclude=.git . /app\n', context: { files: { '.git/HEAD': 3 } } },
    {
      good: 'FROM node:22 AS a\nFROM node:22\nCOPY --from=a . /app\nCOPY $X *.js /b\nONBUILD COPY . /app\n',
      context: { files: { '.git/HEAD': 3 } },
    },
    { good: 'FROM node:22\nCOPY . /app\n', note: 'The context is not known.' },
  ],
  *check(model, { megabytes }) {
    const { context } = model;
    if (!context?.weigh) return;
    const needs = neededPaths(model);
    const told = new Set<string>();
    for (const { folder, at, keyword } of copiedFolders(model)) {
      const weight = context.weigh(folder, isNeedlessFolder);
      const needless = weight.marked.filter(({ path }) => !told.has(path) && !needs(path));
      const isLarge = weight.bytes > megabytes * 1_000_000 && !told.has(folder);
      if (needless.length === 0 && !isLarge) continue;
      for (const { path } of needless) told.add(path);
      if (isLarge) told.add(folder);
      yield { at, message: message(keyword, weight, needless), help: help(needless, context.ignoreFile?.path) };
    }
  },
});

function message(keyword: string, weight: ContextWeight, needless: readonly FolderWeight[]): string {
  const atLeast = weight.isComplete ? '' : 'at least ';
  const sent = `${keyword} sends ${atLeast}${byteSize(weight.bytes)} in ${counted(weight.files, 'file')}`;
  const named = needless.length > 0 ? needless : weight.folders.slice(0, 3);
  if (named.length === 0) return sent;
  const sizes = listing(named.map(({ path, bytes }) => `${path} (${byteSize(bytes)})`));
  return needless.length > 0 ? `${sent}, among them what no build needs: ${sizes}` : `${sent}: most of it ${sizes}`;
}

function help(needless: readonly FolderWeight[], ignoreFile: string | undefined): string {
  const place = ignoreFile === undefined ? 'a new .dockerignore' : ignoreFile;
  if (needless.length === 0) return `copy only what is needed, or name the rest in ${place}`;
  return `add to ${place}: ${listing(needless.map(({ path }) => ignoreLine(path)))}`;
}

/** Folders that COPY and ADD take from the context, relative to its root; empty for the root. */
function* copiedFolders({ steps }: SemanticModel): Iterable<{ folder: string; at: Span; keyword: string }> {
  for (const { copy, deferred, instruction } of steps) {
    if (!copy || deferred || copy.from.kind !== 'context' || 'name' in copy.from) continue;
    if (instruction.flags.some(({ name }) => name === 'exclude')) continue;
    for (const { kind, path, word } of copy.sources) {
      if (kind !== 'path' || path === undefined) continue;
      const folder = path === '*' ? '' : relative(path);
      if (/[*?[\\]/.test(folder)) continue;
      yield { folder, at: word.span, keyword: instruction.keyword };
    }
  }
}

/** Folders that are needed all the same: the file copies or mounts something in them, or asks Git. */
function neededPaths({ steps }: SemanticModel): (path: string) => boolean {
  const asked = new Set<string>();
  let asksGit = false;
  for (const step of steps) {
    asksGit ||= step.commands.some(({ name, words }) => name === 'git' && asksHistory.test(words[1]?.text ?? ''));
    for (const path of pathsOf(step)) {
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) asked.add(path.slice(0, end));
    }
  }
  return (path) => asked.has(path) || (asksGit && /(^|\/)\.git$/.test(path));
}

const asksHistory = /^(describe|rev-parse|rev-list|log|show|status|submodule|diff|checkout|archive|-C)$/;

function pathsOf({ copy, mounts }: Step): string[] {
  const copied = copy?.from.kind === 'context' ? copy.sources.flatMap(({ path }) => path ?? []) : [];
  const mounted = mounts.flatMap(({ type, from, source }) => (type === 'bind' && !from && source ? [source] : []));
  return [...copied, ...mounted].map(relative).filter((path) => path.length < 1000);
}

function relative(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
