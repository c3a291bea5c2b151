import {
  addWord,
  aptSetting,
  defineRule,
  type Invocation,
  isAnswered,
  option,
  plainAptCalls,
} from '../src/lint/rule.ts';

const asks =
  /^(install|reinstall|upgrade|dist-upgrade|full-upgrade|safe-upgrade|build-dep|satisfy|remove|purge|autoremove|autopurge)$/;

export default defineRule({
  id: 'apt-yes',
  aliases: ['DL3014'],
  category: 'correctness',
  mentions: ['apt'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'apt stops to ask for confirmation',
  why: 'apt-get asks before it installs more than was named, and before it removes anything. Nobody answers in a build: apt-get reads the end of its input, gives up, and the build fails. Whether it asks depends on what the base image has already, so the build may break with the next base image.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get update && «apt-get install» curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «/usr/bin/apt-get -q install» curl; «apt remove» git\n',
      good: 'FROM debian:13\nRUN sudo /usr/bin/apt-get -q install -y curl; apt remove -y git\n',
    },
    {
      bad: 'FROM debian:13\nRUN [«"apt-get", "install"», "curl"]\n',
      good: 'FROM debian:13\nRUN ["apt-get", "install", "-y", "curl"]\n',
    },
    {
      bad: 'FROM debian:13\nRUN <<EOF\nset -e\n«aptitude dist-upgrade»\nEOF\n',
      good: 'FROM debian:13\nRUN <<EOF\nset -e\naptitude dist-upgrade -y\nEOF\n',
    },
    {
      bad: 'FROM debian:13\nENV FLAGS="-q --fix-missing"\nRUN «apt-get $FLAGS install» curl\n',
      good: 'FROM debian:13\nENV FLAGS="-q --fix-missing"\nRUN apt-get $FLAGS install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get -o APT::Get::Assume-Yes=false install» curl\n',
      good: 'FROM debian:13\nRUN apt-get -o APT::Get::Assume-Yes=false install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN echo \'APT::Get::Assume-Yes "true";\' && «apt-get install» curl\n',
      good: 'FROM debian:13\nRUN echo \'APT::Get::Assume-Yes "true";\' && apt-get install -y curl\n',
      note: 'Printed, but not into a file that APT reads.',
    },
    {
      bad: 'FROM debian:13\nRUN cat list | xargs «apt-get install»\n',
      good: 'FROM debian:13\nRUN cat list | xargs apt-get install -y\n',
    },
    { good: 'FROM debian:13\nRUN apt-get -y install a && apt-get install --yes b && apt install --assume-yes c\n' },
    { good: 'FROM debian:13\nRUN apt-get -qqy install a && apt-get install -qq b && apt-get -q=2 install c\n' },
    { good: 'FROM debian:13\nRUN apt-get install -q -q a && apt-get install --force-yes b && apt-get -s install c\n' },
    { good: 'FROM debian:13\nRUN apt-get -o APT::Get::Assume-Yes=true install curl\n' },
    { good: 'FROM debian:13\nRUN yes | apt-get install a && echo y | apt-get install b && apt-get install c <<< y\n' },
    {
      good: 'FROM debian:13\nARG APT_FLAGS\nRUN F="-y -q" && apt-get install $F a && apt-get install ${APT_FLAGS} b\n',
    },
    {
      good: 'FROM debian:13 AS base\nRUN echo \'APT::Get::Assume-Yes "true";\' > /etc/apt/apt.conf.d/90yes\nFROM base\nRUN apt-get install curl\n',
    },
    {
      good: 'FROM debian:13\nCOPY <<EOF /etc/apt/apt.conf.d/90yes\nAPT { Get { Assume-Yes "1"; } }\nEOF\nRUN apt-get install curl\n',
    },
    { good: 'FROM debian:13\nRUN apt-get update && apt-get clean && apt-get purge && echo apt-get install curl\n' },
    {
      bad: 'FROM debian:13\nRUN «apt-get install» -q=1 a && apt-get install --quiet --quiet b && apt-get remove\n',
      good: 'FROM debian:13\nRUN apt-get install -y -q=1 a && apt-get install --quiet --quiet b && apt-get remove\n',
    },
  ],
  deviations: [
    {
      code: 'DL3014',
      what: 'looks at apt and aptitude, at upgrade, build-dep and remove, too',
      why: 'they ask as well',
    },
    {
      code: 'DL3014',
      what: 'silent when an apt.conf of the image, a variable, a pipe, --quiet=2 or --force-yes answers, and for --dry-run',
      why: 'apt-get does not ask then',
    },
  ],
  *check(model) {
    for (const { found, command, step } of plainAptCalls(model, /\bAssume-Yes\W{1,5}(true|1|yes|on)\b/i)) {
      if (!asks.test(found.subcommand) || isYes(found) || hasNothingToDo(found)) continue;
      if (isAnswered(command, step)) continue;
      yield {
        at: found.head,
        message: `\`${found.tool} ${found.subcommand}\` stops when it has a question`,
        help: 'add -y',
        fix: { title: 'Add -y', edits: [addWord(found, '-y')] },
      };
    }
  },
});

function isYes(found: Invocation): boolean {
  if (option(found, '-y', '--yes', '--assume-yes', '--force-yes', '-s', '--simulate', '--dry-run', '--print-uris'))
    return true;
  // Twice quiet means yes, apt-get(8).
  const quiet = found.options.filter(({ name }) => name === '-q' || name === '--quiet');
  if (quiet.length > 1 || quiet.some(({ value }) => Number(value) > 1)) return true;
  return /^(true|1|yes|on)$/.test(aptSetting(found, 'APT::Get::Assume-Yes') ?? '');
}

function hasNothingToDo({ subcommand, operands, command }: Invocation): boolean {
  return /^(remove|purge)$/.test(subcommand) && operands.length === 0 && command.wrappers.length === 0;
}
