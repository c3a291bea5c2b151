import { defineRule, lateGroups, reorder } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-before-download',
  category: 'cache',
  severity: 'info',
  summary: 'something is downloaded behind a copy of the sources',
  why: 'The builder runs every step again that stands behind a changed one. A download has an address of its own and needs nothing of the sources; behind them, it is fetched again with each edit of any file.',
  examples: [
    {
      bad: 'FROM debian:13\nCOPY «.» /app\nRUN curl -fsSLO https://e.org/tool\n',
      good: 'FROM debian:13\nRUN curl -fsSLO https://e.org/tool\nCOPY . /app\n',
    },
  ],
  *check(model) {
    // Behind a copy that installs stand behind, too, copy-before-install says the same.
    const reported = new Set(lateGroups(model, 'copy', ({ need }) => need.work === 'install').map(({ at }) => at));
    for (const { at, lates, title } of lateGroups(model, 'copy', ({ need }) => need.work === 'download')) {
      if (reported.has(at)) continue;
      const fix = reorder(model, lates);
      yield {
        at,
        message: `every edit of a source file runs ${title} again, behind this copy`,
        help: 'download before this copy: it needs nothing of it',
        ...(fix ? { fix } : {}),
      };
    }
  },
});
