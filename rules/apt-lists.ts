import {
  appendCleanup,
  aptGet,
  defineRule,
  type Edit,
  isMounted,
  isRemovedAfter,
  type SemanticModel,
  type Step,
} from '../src/lint/rule.ts';

const lists = '/var/lib/apt/lists';

export default defineRule({
  id: 'apt-lists',
  aliases: ['DL3009'],
  category: 'size',
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
    { good: 'FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n' },
    { good: 'FROM debian:13\nRUN --mount=type=tmpfs,dst=/var/lib/apt/lists apt-get update\n' },
    { good: 'FROM debian:13 AS build\nRUN apt-get update\nFROM debian:13\nCOPY --from=build /a /a\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y curl\n' },
  ],
  deviations: [
    {
      code: 'DL3009',
      what: 'only `rm` of the lists counts, in the same RUN and after the update',
      why: 'any other `rm -rf` leaves them in the layer',
    },
  ],
  *check(model) {
    for (const step of model.steps) {
      if (step.instruction.keyword !== 'RUN' || !step.stage.isShipped || isMounted(step, lists)) continue;
      const update = step.commands.findLast((command) => aptGet(command)?.subcommand === 'update');
      const found = update && aptGet(update);
      if (!update || !found || isRemovedAfter(step, update, lists)) continue;
      const edit = cleanup(step, model);
      yield {
        at: found.head,
        message: 'the package lists that this downloads stay in the layer',
        help: 'end the same RUN with rm -rf /var/lib/apt/lists/*, or mount a cache over /var/lib/apt',
        ...(edit ? { fix: { title: 'Remove the lists', edits: [edit] } } : {}),
      };
    }
  },
});

/** Behind the last use of apt in this step, when no later step lives on the lists. */
function cleanup(step: Step, { steps }: SemanticModel): Edit | undefined {
  const after = steps.slice(steps.indexOf(step) + 1);
  const isNeeded = after.some((later) => {
    return later.commands.some((command) => /install|upgrade|build-dep/.test(aptGet(command)?.subcommand ?? ''));
  });
  if (isNeeded) return undefined;
  const uses = step.commands.filter((command) => aptGet(command));
  return appendCleanup(step, uses, 'rm -rf /var/lib/apt/lists/*');
}
