import { defineRule, lateGroups, moveArgument } from '../src/lint/rule.ts';

export default defineRule({
  id: 'volatile-arg',
  category: 'cache',
  severity: 'warning',
  summary: 'an argument that differs in every build stands in front of an install',
  why: 'A build argument is in the environment of every RUN behind it, and so in its cache key, whether the RUN reads it or not. With a commit or a date declared at the top, no RUN below is ever taken from the cache. COPY has no environment and LABEL runs nothing, so declared last, such an argument costs nothing.',
  examples: [
    {
      bad: 'FROM debian:13\nARG «GIT_SHA»\nRUN apt-get update && apt-get install -y curl\nLABEL revision=$GIT_SHA\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
    },
  ],
  *check(model) {
    for (const { at, change, lates, title } of lateGroups(model, 'argument', ({ need }) => need.work !== 'compile')) {
      const name = change.input.kind === 'argument' ? change.input.name : '';
      const fix = moveArgument(model, lates);
      yield {
        at,
        message: `${name} is another one in every build, and so ${title} runs again each time`,
        help: 'declare it as late as possible, right before the first step that reads it',
        ...(fix ? { fix } : {}),
      };
    }
  },
});
