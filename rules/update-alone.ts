import {
  apk,
  aptGet,
  type Command,
  defineRule,
  dnf,
  type Edit,
  type Invocation,
  isMounted,
  isOpaque,
  replace,
  rpmCaches,
  type Step,
  yum,
  zypper,
} from '../src/lint/rule.ts';

/** Where an index lies that an update brings. */
const folders: Readonly<Record<string, readonly string[]>> = {
  apt: ['/var/lib/apt/lists'],
  apk: ['/var/cache/apk', '/etc/apk/cache'],
  zypper: ['/var/cache/zypp'],
  rpm: rpmCaches,
};

export default defineRule({
  id: 'update-alone',
  aliases: ['DS-0017'],
  category: 'cache',
  severity: 'warning',
  summary: 'the package lists are updated in a RUN of their own',
  why: 'A builder takes a RUN from its cache as long as its text is the same. So the lists stay as they were when the layer was built, and an install that is changed later works with lists that are weeks old: old versions, or packages that are gone from the mirror.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «apt-get update»\nRUN apt-get install -y curl && make\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && make\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «/usr/bin/apt -y update»\nRUN \\\n    sudo apt install -y curl\n',
      good: 'FROM debian:13\nRUN sudo /usr/bin/apt -y update && sudo apt install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN apt-get clean && «apt-get update» && echo ok && pip install a && python -m pip install b\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get update»\n# what we need\nRUN apt-get install -y curl\n',
      note: 'A comment in between: no fix.',
    },
    { bad: 'FROM debian:13\nRUN «apt-get update»; echo\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update»\nRUN apt-get install -y curl; make\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update»\nRUN --network=host apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN --network=host «apt-get update»\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nONBUILD RUN «apt-get update»\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN apt-get clean; «apt-get update»\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN ! «apt-get update»\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update» || true\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update» # all\nRUN apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update»\nRUN make && apt-get install -y curl\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update»\nRUN ["apt-get", "install", "-y", "curl"]\n' },
    { bad: 'FROM debian:13\nRUN «apt-get update»\nWORKDIR /x\nRUN apt-get install -y curl\n' },
    { bad: 'FROM alpine:3.22\nRUN «apk update»\nRUN apk add --no-cache curl\n', note: 'That needs no update.' },
    {
      bad: 'FROM fedora:42\nRUN «dnf makecache»\nFROM opensuse/leap:15.6\nRUN «zypper ref»\nFROM centos:7\nRUN «yum makecache»\n',
    },
    { good: 'FROM debian:13\nRUN apt-get update && apt-get upgrade -y && apt-get clean\n' },
    { good: 'FROM debian:13\nRUN apt-get update && ./install.sh\nRUN apt-get update && curl -fsS $URL | bash\n' },
    {
      good: 'FROM debian:13\nRUN apt-get update && $INSTALL curl\nRUN apt-get update && npx playwright install-deps\n',
    },
    { good: 'FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y curl && echo apt-get update\nCMD apt-get update\n' },
    {
      good: 'FROM fedora:42\nRUN dnf update -y && dnf makecache && dnf install -y a\nRUN yum update -y\n',
      note: 'This installs newer packages.',
    },
    { good: 'FROM alpine:3.22\nRUN apk update && apk add curl\nRUN zypper ref && zypper in -y a\n' },
  ],
  *check({ steps, dockerfile }) {
    for (const [i, step] of steps.entries()) {
      if (step.instruction.keyword !== 'RUN') continue;
      const calls = step.commands.flatMap((command) => managerCall(command) ?? []);
      const update = calls.find(isUpdate);
      if (!update || !calls.every(isIdle) || step.commands.some(isOpaque)) continue;
      if (folders[update.manager]?.some((folder) => isMounted(step, folder))) continue;
      const next = steps[i + 1];
      const edit = next?.stage === step.stage ? join(step, next, update.manager, dockerfile.source.text) : undefined;
      yield {
        at: update.found.head,
        message: `nothing in this RUN uses what \`${update.found.tool} ${update.found.subcommandWord?.text}\` brings`,
        help: 'update in the RUN that installs',
        ...(edit ? { fix: { title: 'Join it with the RUN that installs', edits: [edit] } } : {}),
      };
    }
  },
});

interface ManagerCall {
  readonly manager: 'apt' | 'apk' | 'zypper' | 'rpm';
  readonly found: Invocation;
}

function managerCall(command: Command): ManagerCall | undefined {
  const apt = aptGet(command);
  if (apt) return { manager: 'apt', found: apt };
  const alpine = apk(command);
  if (alpine) return { manager: 'apk', found: alpine };
  const suse = zypper(command);
  if (suse) return { manager: 'zypper', found: suse };
  const rpm = yum(command) ?? dnf(command);
  return rpm && { manager: 'rpm', found: rpm };
}

function isUpdate({ manager, found: { subcommand } }: ManagerCall): boolean {
  if (manager === 'rpm') return subcommand === 'makecache';
  return subcommand === (manager === 'zypper' ? 'refresh' : 'update');
}

/** Updates and cleaning up: whatever else may use the lists. */
function isIdle(call: ManagerCall): boolean {
  return isUpdate(call) || /^(clean|autoclean|distclean|cache|addrepo)$/.test(call.found.subcommand);
}

/** Makes one RUN of two, if both are plain lists of commands, and the second begins with an install. */
function join(step: Step, next: Step, manager: string, text: string): Edit | undefined {
  const last = step.commands.at(-1);
  const [first] = next.commands;
  if (!last || !first || ![step, next].every(isPlainRun) || !step.commands.every(managerCall)) return undefined;
  const install = managerCall(first);
  // Where `apk add` follows, the repair is another: no update, and `apk add --no-cache`.
  if (install?.manager !== manager || install.found.subcommand !== 'install') return undefined;
  const between = text.slice(last.span.end, first.span.start);
  return /^\s*RUN[\s\\`]*$/i.test(between)
    ? replace({ start: last.span.end, end: first.span.start }, ' && ')
    : undefined;
}

function isPlainRun({ instruction, deferred, commands }: Step): boolean {
  if (instruction.keyword !== 'RUN' || instruction.form !== 'shell' || deferred) return false;
  if (instruction.flags.length + instruction.heredocs.length > 0) return false;
  return commands.every(({ before, nesting, pipeline }) => {
    return (
      (before === 'start' || before === '&&') && nesting.length === 0 && pipeline.length === 1 && !pipeline.negated
    );
  });
}
