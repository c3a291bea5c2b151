import { defineRule, lateGroups, reorder } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-before-download',
  category: 'cache',
  severity: 'info',
  summary: 'something is downloaded behind a copy of the sources',
  why: 'The builder runs every step again that stands behind a changed one. A download has an address of its own and needs nothing of the sources; behind them, it is fetched again with each edit of any file.',
  examples: [
    {
      bad: 'FROM debian:13\nCOPY «.» /app\nRUN curl -fsSLO https://e.org/tool\nRUN wget https://e.org/data\n',
      good: 'FROM debian:13\nRUN curl -fsSLO https://e.org/tool\nRUN wget https://e.org/data\nCOPY . /app\n',
    },
    {
      bad: 'FROM debian:13\nWORKDIR /app\nCOPY «src» src\nWORKDIR /lib\nRUN git clone https://e.org/lib.git\n',
      note: 'The WORKDIR in between says where `src` goes.',
    },
    { good: 'FROM debian:13\nRUN curl -fsSLO https://e.org/tool\nCOPY . /app\n' },
    { good: 'FROM debian:13\nCOPY . /app\nRUN /app/start.sh && curl http://localhost/health && git clone /app/x\n' },
    { good: 'FROM debian:13\nCOPY package.json /app/\nRUN curl -fsSLO https://e.org/tool\n' },
    {
      good: 'FROM debian:13\nCOPY . /app\nRUN curl -fsSLO https://e.org/tool\nRUN apt-get install -y git\n',
      note: 'copy-before-install reports it.',
    },
    { good: 'FROM debian:13\nCOPY . /app\nRUN make\n' },
  ],
  *check(model) {
    for (const { at, lates, title } of lateGroups(model, 'copy', ({ need }) => need.work !== 'compile')) {
      // Behind a copy that installs stand behind, too, copy-before-install says it.
      if (lates.some(({ need }) => need.work === 'install')) continue;
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
