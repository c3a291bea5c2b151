import { closest, defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'unknown-target',
  category: 'correctness',
  severity: 'error',
  summary: 'a compose or bake file builds a stage that does not exist',
  why: 'The build stops with `target stage "…" could not be found`, but only where it is built: with an image in a registry or a cache, that may be long after the stage was renamed.',
  examples: [
    {
      bad: 'FROM node:22 AS build\nFROM node:22-slim AS production\n',
      build: 'target: «prod»\n',
      exact: true,
    },
    { good: 'FROM node:22 AS build\nFROM node:22-slim AS Production\n', build: 'target: production\n' },
    { good: 'FROM node:22\nFROM node:22-slim\n', build: 'target: 0\n' },
    { bad: 'FROM node:22\nFROM node:22-slim\n', build: 'target: «2»\n', exact: true },
    { good: 'FROM node:22\n', build: 'A: 1\n' },
    { good: 'FROM node:22\n' },
    { good: 'ARG A\n', build: 'target: a\n', note: 'This is `syntax-error`.', exact: true },
  ],
  *check({ build, stages }) {
    const target = build?.target;
    if (!target || target.text === '' || stages.length === 0) return;
    const { text, source, span } = target;
    const names = stages.flatMap(({ name }) => name ?? []);
    if (names.includes(text.toLowerCase()) || (/^\d{1,9}$/.test(text) && Number(text) < stages.length)) return;
    const meant = closest(text.toLowerCase(), names);
    const known = names.length > 0 ? `its stages are ${names.slice(0, 5).join(', ')}` : 'none of its stages has a name';
    yield {
      at: span,
      source,
      message: `the Dockerfile has no stage ${text}`,
      help: meant === undefined ? known : `did you mean ${meant}?`,
    };
  },
});
