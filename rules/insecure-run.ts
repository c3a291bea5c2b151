import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'insecure-run',
  category: 'security',
  mentions: ['security'],
  severity: 'warning',
  summary: 'RUN --security=insecure',
  why: 'The step runs with all capabilities and without seccomp, as `docker run --privileged` does: whatever it downloads and runs can take over the machine that builds, and everything that is built there afterwards.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «--security=insecure» mount -t tmpfs none /mnt && make\n',
      good: 'FROM debian:13\nRUN make\n',
      fixed: false,
    },
    { bad: 'FROM debian:13\nRUN --network=none «--security="insecure"» make\n' },
    { good: 'FROM debian:13\nRUN --security=sandbox make\nRUN make --security=insecure\n' },
    { good: 'FROM debian:13\nRUN --network=none make\n' },
  ],
  *check({ steps }) {
    for (const { instruction } of steps) {
      const flag = instruction.flags.find(({ name, value }) => name === 'security' && value === 'insecure');
      if (!flag) continue;
      yield {
        at: flag.span,
        message: 'this step may do anything to the machine that builds',
        help: 'find out which privilege is needed, and do without: a cache or tmpfs mount, another tool, a step after the build',
      };
    }
  },
});
