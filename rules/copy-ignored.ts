import { defineRule, readDockerIgnore } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-ignored',
  aliases: ['CopyIgnoredFile'],
  category: 'correctness',
  severity: 'warning',
  presets: { buildkit: 'warning' },
  summary: 'COPY of a file that .dockerignore keeps out',
  why: 'What `.dockerignore` names is not sent to the builder. COPY does not find it there, however plainly it lies in the folder, and the build stops.',
  examples: [
    {
      bad: 'FROM alpine:3\nCOPY a «./dist/app.js» /srv/\n',
      good: 'FROM alpine:3\nCOPY a src/app.js /srv/\n',
      context: { ignore: '# built outside\ndist\n' },
    },
    { bad: 'FROM alpine:3\nENV F=x.log\nADD «$F» /\nCOPY [«"a.log"», "/"]\n', context: { ignore: '*.log' } },
    { bad: 'FROM alpine:3\nCOPY «.» .\n', context: { ignore: '*' } },
    {
      bad: 'FROM alpine:3\nCOPY «b» /b\nCOPY a /a\n',
      context: { ignore: '**\n!a\n' },
      note: 'Exceptions are taken into account.',
    },
    { good: 'FROM alpine:3\nCOPY dist /srv\n', context: { ignore: 'dist\n!dist/app.js\n' } },
    {
      good: 'FROM alpine:3 AS a\nFROM alpine:3\nCOPY --from=a /dist /b\nADD https://a.example/dist /c\nCOPY <<dist /d\na\ndist\n',
      context: { ignore: 'dist\nhttps:' },
    },
    { good: 'FROM alpine:3\nCOPY *.js $X /a/\nONBUILD COPY dist /a\n', context: { ignore: 'dist\n*.js' } },
    { good: 'FROM alpine:3\nCOPY dist /srv\n', note: 'There is no .dockerignore.' },
  ],
  deviations: [
    {
      code: 'CopyIgnoredFile',
      what: 'follows exceptions (`!path`)',
      why: 'many files of that kind ignore all and let in a few',
    },
  ],
  *check({ steps, context }) {
    if (!context?.ignoreFile) return;
    const ignore = readDockerIgnore(context.ignoreFile.text);
    for (const { copy, deferred, instruction } of steps) {
      if (!copy || deferred || copy.from.kind !== 'context') continue;
      for (const { kind, path, word } of copy.sources) {
        if (kind !== 'path' || path === undefined || /[*?[\\]/.test(path)) continue;
        const pattern = ignore.ignoredBy(path);
        if (pattern === undefined) continue;
        yield {
          at: word.span,
          message: `${context.ignoreFile.path} keeps ${path} out, so ${instruction.keyword} does not find it`,
          help: `the pattern is ${pattern}: remove it, or add !${path.replace(/^\.?\//, '')} below it`,
        };
      }
    }
  },
});
