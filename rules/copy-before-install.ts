import { defineRule, lateGroups, proposal, reorder } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-before-install',
  category: 'cache',
  severity: 'warning',
  summary: 'dependencies are installed behind a copy of the sources',
  why: 'The builder runs every step again that stands behind a changed one. With the source tree copied in front of an install, each edit of any file installs everything anew, though the dependencies did not change. The other way round, an edit costs only the copy and what is built of it.',
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node «.» .\nRUN npm ci && npm run build\n',
      good: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node package*.json ./\nRUN npm ci\nCOPY --chown=node:node . .\nRUN npm run build\n',
    },
  ],
  *check(model) {
    for (const { at, lates, title } of lateGroups(model, 'copy', ({ need }) => need.work === 'install')) {
      const fix = reorder(model, lates);
      yield {
        at,
        message: `every edit of a source file runs ${title} again, behind this copy`,
        help: proposal(lates),
        ...(fix ? { fix } : {}),
      };
    }
  },
});
