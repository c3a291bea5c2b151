import { defineRule, isNeedlessFolder } from '../src/lint/rule.ts';

export default defineRule({
  id: 'no-dockerignore',
  category: 'cache',
  severity: 'info',
  summary: 'the whole build context is copied, and there is no .dockerignore',
  why: 'Whatever lies in the folder when somebody builds is in the image then: local settings such as `.env`, reports, results of earlier builds. Each of them also makes the step, and all behind it, run again when it changes. A `.dockerignore` says once what is no part of the program.',
  examples: [
    {
      bad: 'FROM node:22\nCOPY «.» /app\nCOPY . /b\n',
      good: 'FROM node:22\nCOPY src /app\n',
      context: { files: { 'src/a.js': 1 } },
    },
    { bad: 'FROM node:22\nADD a «./» /app\n', context: { files: { a: 1 } } },
    { good: 'FROM node:22\nCOPY . /app\n', context: { files: { 'a.js': 1 }, ignore: '' } },
    {
      good: 'FROM node:22\nCOPY . /app\n',
      context: { files: { '.git/HEAD': 1 } },
      note: 'This is `context-size`, which says what to write into it.',
    },
    {
      good: 'FROM node:22 AS a\nFROM node:22\nCOPY --from=a . /app\nONBUILD COPY . /app\nCOPY $X /b\n',
      context: { files: { 'a.js': 1 } },
    },
    { good: 'FROM node:22\nCOPY . /app\n', note: 'The context is not known.' },
  ],
  *check({ steps, context }) {
    if (!context?.weigh || context.ignoreFile) return;
    for (const { copy, deferred } of steps) {
      if (!copy || deferred || copy.from.kind !== 'context' || 'name' in copy.from) continue;
      const whole = copy.sources.find(({ kind, path }) => kind === 'path' && /^(\.?\/?|\/|\*)$/.test(path ?? '-'));
      if (!whole) continue;
      if (context.weigh('', isNeedlessFolder).marked.length > 0) return;
      yield {
        at: whole.word.span,
        message: 'everything in the folder is copied: there is no .dockerignore',
        help: `write one in ${context.path}: .git, .env, the Dockerfile, and what builds and tests leave there`,
      };
      return;
    }
  },
});
