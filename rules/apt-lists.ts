import { appendCleanup, aptGet, defineRule, isMounted, isRemovedAfter, type Step } from '../src/lint/rule.ts';

const lists = '/var/lib/apt/lists';

export default defineRule({
  id: 'apt-lists',
  aliases: ['DL3009'],
  category: 'size',
  mentions: ['apt'],
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'package lists of apt stay in the layer',
  why: '`apt-get update` downloads the lists of all packages, 20 to 50 MB. They are stale within days and make the layer larger; removing them in a later step does not make it smaller again.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «apt-get update» && apt-get install -y curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «apt -y update» ; rm -rf /tmp/x\n',
      good: 'FROM debian:13\nRUN sudo apt -y update && sudo rm -rf /var/lib/apt/lists/* ; rm -rf /tmp/x\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get update»\nRUN apt-get install -y curl\n',
      note: 'The later install needs the lists, so there is no safe fix here.',
    },
    { bad: 'FROM debian:13\nRUN (rm -rf /var/lib/apt/lists; «apt-get update») || true\n' },
    {
      bad: 'FROM debian:13 AS base\nRUN «apt-get update» && apt-get install -y curl\nFROM base\n',
      good: 'FROM debian:13 AS base\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nFROM base\n',
    },
    { good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/{apt,dpkg}/\n' },
    { good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists*\n' },
    { good: 'FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n' },
    { good: 'FROM debian:13\nRUN --mount=type=tmpfs,dst=/var/lib/apt/lists apt-get update\n' },
    { good: 'FROM debian:13 AS build\nRUN apt-get update\nFROM debian:13\nCOPY --from=build /a /a\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y curl\nCMD apt-get update\n' },
  ],
  deviations: [
    {
      code: 'DL3009',
      what: 'silent in every stage that the final one does not start from, also where a third starts from it',
      why: 'their layers are in no image',
    },
    {
      code: 'DL3009',
      what: 'only what removes the lists counts (rm, find -delete), in the same RUN and after the update',
      why: 'any other `rm -rf` leaves them in the layer',
    },
    {
      code: 'DL3009',
      what: 'silent for a cache or tmpfs mount over any folder above the lists, such as /var/lib/apt',
      why: 'they are not in the layer then',
    },
  ],
  *check({ steps, dockerfile }) {
    const lastUse = steps.findLastIndex(usesLists);
    for (const [i, step] of steps.entries()) {
      if (step.instruction.keyword !== 'RUN' || !step.stage.isShipped || isMounted(step, lists)) continue;
      const calls = step.commands.flatMap((command) => aptGet(command) ?? []);
      const update = calls.findLast(({ subcommand }) => subcommand === 'update');
      if (!update || isRemovedAfter(step, update.command, lists)) continue;
      const uses = calls.map(({ command }) => command);
      // A later step may live on the lists.
      const edit = lastUse > i ? undefined : appendCleanup(step, uses, `rm -rf ${lists}/*`, dockerfile);
      yield {
        at: update.head,
        message: 'the package lists that this downloads stay in the layer',
        help: 'end the same RUN with rm -rf /var/lib/apt/lists/*, or mount a cache over /var/lib/apt',
        ...(edit ? { fix: { title: 'Remove the lists', edits: [edit] } } : {}),
      };
    }
  },
});

function usesLists({ commands }: Step): boolean {
  return commands.some((command) => /install|upgrade|build-dep/.test(aptGet(command)?.subcommand ?? ''));
}
