import {
  appendCleanup,
  aptGet,
  aptPackages,
  type Command,
  type Dockerfile,
  defineRule,
  type Edit,
  type Invocation,
  insertBefore,
  isMounted,
  isOpaque,
  isRemovedAfter,
  option,
  type Stage,
  type Step,
} from '../src/lint/rule.ts';

const lists = '/var/lib/apt/lists';

/** What the package lists are at some point of a stage. `unknown`: a script may have updated them. */
type Lists = 'base' | 'removed' | 'stale' | 'alone' | 'unknown';

export default defineRule({
  id: 'install-without-update',
  category: 'cache',
  severity: 'warning',
  summary: 'apt installs without an update in the same RUN',
  why: 'An install works with the package lists that are there: those of the base image, or of an earlier layer that the builder took from its cache. When they are weeks old, it installs old versions, or fails because a package has gone from the mirror. Official images have no lists at all.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «apt-get install» -y curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN ls && sudo «apt -y install» curl ./a.deb\n',
      good: 'FROM debian:13\nRUN ls && sudo apt-get update && sudo apt -y install curl ./a.deb && sudo rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13 AS base\nRUN apt-get update && apt-get install -y a\nFROM base\nRUN «apt-get install» -y b && apt-get install c\n',
      good: 'FROM debian:13 AS base\nRUN apt-get update && apt-get install -y a\nFROM base\nRUN apt-get update && apt-get install -y b && apt-get install c && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN DEBIAN_FRONTEND=noninteractive «apt-get install» -y $B\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y $B && rm -rf /var/lib/apt/lists/*\n',
    },
    { bad: 'FROM debian:13\nRUN if [ -e /x ]; then «apt-get build-dep» a; fi\n' },
    {
      bad: 'FROM debian:13\nRUN ls || «apt-get install» -y a\nRUN yes | «apt-get install» b\nRUN [«"apt-get", "install"», "c"]\n',
    },
    {
      bad: 'FROM debian:13 AS a\nRUN apt-get update\nFROM debian:13\nRUN «apt-get install» -y curl && apt-get update\n',
      fixed: false,
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
    { good: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && apt-get install -y b\n' },
    {
      bad: 'FROM debian:13\nRUN ls\nRUN «apt-get install» -y curl\n',
      good: 'FROM debian:13\nRUN ls\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get install» -y curl && rm -rf /var/lib/apt/lists\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists\n',
    },
    {
      bad: 'FROM debian:13 AS build\nRUN «apt-get install» -y gcc\nFROM debian:13\nCOPY --from=build /a /a\n',
      good: 'FROM debian:13 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM debian:13\nCOPY --from=build /a /a\n',
      note: 'What stays in a build stage is not shipped.',
    },
    {
      bad: 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y a\nRUN «apt-get install» -y b\n',
      good: 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y a\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get install» -y a\nRUN if [ -e /x ]; then «apt-get install» -y b; fi\n',
      note: 'Without the lists that the fix would remove, the second finds nothing.',
    },
    { bad: 'FROM debian:13\nRUN «apt-get install» -y a || true\n' },
    { good: 'FROM debian:13 AS base\nRUN apt-get update\nFROM base\nRUN apt-get install -y curl\n' },
    { good: 'FROM debian:13\nCMD apt-get install -y curl\n' },
    { good: 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n', note: 'This is `update-alone`.' },
    {
      good: 'FROM debian:13\nRUN curl -fsS $URL | bash - && apt-get install -y nodejs\n',
      note: 'The script may update.',
    },
    { good: 'FROM debian:13\nRUN ./setup.sh\nRUN apt-get install -y nodejs\n' },
    { good: 'ARG BASE\nFROM $BASE\nRUN apt-get install -y nodejs\n', note: 'It may be a stage that updates.' },
    { good: 'FROM debian:13\nRUN apt-get install -yU a && apt-get install -y b\n' },
    { good: 'FROM debian:13\nRUN add-apt-repository ppa:a/b && apt-get install -y a\n' },
    { good: 'FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y a\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y ./a.deb /tmp/b.deb && apt-get -f install && apt-get remove a\n' },
    {
      bad: 'FROM debian:13 AS b\nRUN if ls; then «apt-get install» -y a; fi\nRUN yes | «apt-get install» b\nRUN ! «apt-get install» -y c\nRUN ls || «apt-get install» -y d\nRUN [«"apt-get", "install"», "e"]\nFROM scratch\n',
    },
    {
      bad: 'FROM debian:13\nONBUILD RUN apt-get update\nRUN «apt-get install» -y a\n',
      good: 'FROM debian:13\nONBUILD RUN apt-get update\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN apt-get update\nRUN ls\nRUN apt-get install -y a\nRUN ls\nRUN «apt-get install» -y b\n',
      good: 'FROM debian:13\nRUN apt-get update\nRUN ls\nRUN apt-get install -y a\nRUN ls\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get install» -y a\nCMD if x; then apt-get install -y b; fi\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nCMD if x; then apt-get install -y b; fi\n',
    },
    { good: 'FROM debian:13\nRUN ls && ./setup.sh\nRUN apt-get install -y a\n' },
  ],
  *check({ stages, steps, dockerfile }) {
    const after = new Map<Stage, Lists>();
    const bound = steps.findLast((step) => isBound(step, dockerfile))?.instruction.span.start ?? -1;
    for (const stage of stages) {
      let state = listsOf(stage, after);
      for (const step of stage.steps) {
        if (step.instruction.keyword !== 'RUN') continue;
        const install = firstInstall(step);
        if (install && state !== 'alone' && state !== 'unknown') {
          const repaired = repair(install, step, dockerfile);
          const edits = repaired && repaired.length > 1 && step.instruction.span.start < bound ? undefined : repaired;
          yield {
            at: install.head,
            message: `this installs from ${sources[state]}`,
            help: 'run apt-get update in the same RUN, in front of it',
            ...(edits ? { fix: { title: 'Add apt-get update', safe: false, edits } } : {}),
          };
        }
        if (!step.deferred) state = listsAfter(step, state);
      }
      after.set(stage, state);
    }
  },
});

const sources: Readonly<Record<'base' | 'removed' | 'stale', string>> = {
  base: 'the package lists of the base image, if it has any',
  removed: 'package lists that an earlier RUN has removed',
  stale: 'the package lists of an earlier layer, which get old in the build cache',
};

function listsOf({ base }: Stage, after: ReadonlyMap<Stage, Lists>): Lists {
  if (base.kind === 'stage') return after.get(base.stage) ?? 'unknown';
  return base.kind === 'unknown' ? 'unknown' : 'base';
}

/** The first install of a RUN, unless the lists have been updated before it. */
function firstInstall(step: Step): Invocation | undefined {
  if (isMounted(step, lists)) return undefined;
  for (const command of step.commands) {
    const found = aptGet(command);
    if (found?.subcommand === 'update' || mayUpdate(command)) return undefined;
    // apt-get install --update: since apt 2.7.
    if (found && option(found, '-U', '--update')) return undefined;
    if (found && /^(install|build-dep)$/.test(found.subcommand) && isFromLists(found)) return found;
  }
  return undefined;
}

function isFromLists(found: Invocation): boolean {
  return aptPackages(found).some(({ kind }) => kind === 'registry' || kind === 'variable');
}

function mayUpdate(command: Command): boolean {
  return isOpaque(command) || command.name === 'add-apt-repository';
}

function listsAfter(step: Step, before: Lists): Lists {
  const update = step.commands.findLast((command) => aptGet(command)?.subcommand === 'update');
  if (!update) {
    if (step.commands.some(mayUpdate)) return 'unknown';
    return before === 'alone' && firstInstall(step) ? 'stale' : before;
  }
  const isUsed = step.commands.some((command) => {
    const found = aptGet(command);
    return found && !/^(update|clean|autoclean)$/.test(found.subcommand);
  });
  if (!isUsed) return 'alone';
  return isRemovedAfter(step, update, lists) ? 'removed' : 'stale';
}

/** An install that has no update and gets none: it lives on the lists that are there. */
function isBound(step: Step, dockerfile: Dockerfile): boolean {
  const install = step.instruction.keyword === 'RUN' ? firstInstall(step) : undefined;
  return install !== undefined && !repair(install, step, dockerfile);
}

/** Brings the lists, and removes them again where they would be in the image. */
function repair(install: Invocation, step: Step, dockerfile: Dockerfile): readonly Edit[] | undefined {
  const update = updateBefore(install);
  if (!update) return undefined;
  if (!step.stage.isShipped || isRemovedAfter(step, install.command, lists)) return [update];
  const uses = step.commands.filter((command) => aptGet(command));
  const cleanup = appendCleanup(step, uses, `rm -rf ${lists}/*`, dockerfile);
  return cleanup && [update, cleanup];
}

function updateBefore({ command }: Invocation): Edit | undefined {
  const { nesting, pipeline, before, exec, wrappers } = command;
  if (nesting.length > 0 || exec || pipeline.length > 1 || pipeline.negated || before === '||') return undefined;
  const sudo = wrappers.some(({ name }) => name === 'sudo') ? 'sudo ' : '';
  return insertBefore(command, `${sudo}apt-get update && `);
}
