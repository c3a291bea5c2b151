import {
  aptGet,
  aptPackages,
  type Command,
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
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN ls && sudo «apt -y install» curl ./a.deb\n',
      good: 'FROM debian:13\nRUN ls && sudo apt-get update && sudo apt -y install curl ./a.deb\n',
    },
    {
      bad: 'FROM debian:13 AS base\nRUN apt-get update && apt-get install -y a\nFROM base\nRUN «apt-get install» -y b && apt-get install c\n',
      good: 'FROM debian:13 AS base\nRUN apt-get update && apt-get install -y a\nFROM base\nRUN apt-get update && apt-get install -y b && apt-get install c\n',
    },
    {
      bad: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN DEBIAN_FRONTEND=noninteractive «apt-get install» -y $B\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y $B\n',
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
      good: 'FROM debian:13\nRUN ls\nRUN apt-get update && apt-get install -y curl\n',
    },
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
  ],
  *check({ stages }) {
    const after = new Map<Stage, Lists>();
    for (const stage of stages) {
      let state = listsOf(stage, after);
      for (const step of stage.steps) {
        if (step.instruction.keyword !== 'RUN') continue;
        const install = firstInstall(step);
        if (install && state !== 'alone' && state !== 'unknown') {
          const edit = updateBefore(install);
          yield {
            at: install.head,
            message: `this installs from ${sources[state]}`,
            help: 'run apt-get update in the same RUN, in front of it',
            ...(edit ? { fix: { title: 'Add apt-get update', safe: false, edits: [edit] } } : {}),
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
  if (!update) return step.commands.some(mayUpdate) ? 'unknown' : before;
  const isUsed = step.commands.some((command) => {
    const found = aptGet(command);
    return found && !/^(update|clean|autoclean)$/.test(found.subcommand);
  });
  if (!isUsed) return 'alone';
  return isRemovedAfter(step, update, lists) ? 'removed' : 'stale';
}

function updateBefore({ command }: Invocation): Edit | undefined {
  const { nesting, pipeline, before, exec, wrappers } = command;
  if (nesting.length > 0 || exec || pipeline.length > 1 || pipeline.negated || before === '||') return undefined;
  const sudo = wrappers.some(({ name }) => name === 'sudo') ? 'sudo ' : '';
  return insertBefore(command, `${sudo}apt-get update && `);
}
