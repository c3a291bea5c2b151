import {
  apk,
  type Command,
  type Download,
  defineRule,
  download,
  type Edit,
  flag,
  insertAfter,
  option,
  type Stage,
  sinceStep,
  systemOf,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'wget-progress',
  aliases: ['DL3047'],
  category: 'style',
  mentions: ['wget'],
  severity: 'style',
  presets: { hadolint: 'info' },
  summary: 'wget fills the build log with its progress',
  why: 'Where there is no terminal, wget prints a line of dots for every 50 KB: two thousand lines for 100 MB. What matters in the log drowns in them.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «wget» https://a.example/a.tgz\n',
      good: 'FROM debian:13\nRUN wget --progress=dot:giga https://a.example/a.tgz\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «/usr/bin/wget» -nc -O - $URL | tar xz; «wget» -i list 2>&1\n',
      good: 'FROM debian:13\nRUN sudo /usr/bin/wget --progress=dot:giga -nc -O - $URL | tar xz; wget --progress=dot:giga -i list 2>&1\n',
    },
    {
      bad: 'FROM debian:13\nRUN [«"wget"», "https://a.example/a"]\n',
      good: 'FROM debian:13\nRUN ["wget", "--progress=dot:giga", "https://a.example/a"]\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN apk add --no-cache wget\nRUN «wget» https://a.example/a > /dev/null\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache wget\nRUN wget --progress=dot:giga https://a.example/a > /dev/null\n',
    },
    {
      good: 'FROM debian:13\nRUN wget -q $A && wget --quiet $A && wget -nv $A && wget --no-verbose $A && wget -qO- $A\n',
    },
    {
      good: 'FROM debian:13\nRUN wget --progress=dot $A && wget -o log $A && wget -alog $A && wget --output-file=log $A\n',
    },
    { good: 'FROM debian:13\nRUN wget $A 2>/dev/null && wget $A &>log && wget $A >/dev/null 2>&1 && wget -nvO a $A\n' },
    {
      bad: 'FROM debian:13\nRUN «wget» -i - 2>&1 < list\n',
      good: 'FROM debian:13\nRUN wget --progress=dot:giga -i - 2>&1 < list\n',
    },
    { good: 'FROM alpine:3.22\nRUN wget https://a.example/a\n', note: "BusyBox's wget has no --progress." },
    { good: 'FROM debian:13\nRUN busybox wget https://a.example/a && apt-get install wget && wget --version\n' },
    { good: 'FROM alpine:3\nRUN apk add curl && wget https://a.io/b\n' },
    {
      bad: 'FROM alpine:3\nRUN ls && apk add -U wget && «wget» https://a.io/b\n',
      good: 'FROM alpine:3\nRUN ls && apk add -U wget && wget --progress=dot:giga https://a.io/b\n',
    },
    { good: 'FROM busybox\nRUN wget https://a.io/b\n' },
    {
      bad: 'FROM debian:13\nRUN wget https://a.io/b &>> x && wget https://a.io/c 2>> x && «wget» https://a.io/c 3> x 2>&1\n',
      good: 'FROM debian:13\nRUN wget https://a.io/b &>> x && wget https://a.io/c 2>> x && wget --progress=dot:giga https://a.io/c 3> x 2>&1\n',
    },
    {
      bad: 'FROM alpine:3\nRUN apk add a wget\nRUN «wget» https://a.io/b\n',
      good: 'FROM alpine:3\nRUN apk add a wget\nRUN wget --progress=dot:giga https://a.io/b\n',
    },
    {
      bad: 'FROM debian:13\nRUN «wget» $A 2>&1 > x && «wget» $A 2>/dev/stderr && «wget» $A 2>&1 && «wget» $A | tar x\n',
      good: 'FROM debian:13\nRUN wget --progress=dot:giga $A 2>&1 > x && wget --progress=dot:giga $A 2>/dev/stderr && wget --progress=dot:giga $A 2>&1 && wget --progress=dot:giga $A | tar x\n',
    },
    {
      good: 'FROM debian:13\nRUN wget $A > x 2>&1; wget $A 2>&1 | grep x; wget $A >& x; wget $A 2> x 1>&2; wget $A 2>&-\n',
    },
  ],
  deviations: [
    {
      code: 'DL3047',
      what: 'silent on Alpine and BusyBox as long as GNU wget has not been installed',
      why: "BusyBox's wget does not know --progress: the advice would break the build",
    },
    { code: 'DL3047', what: 'silent when the output is redirected', why: 'nothing gets into the log then' },
  ],
  *check({ commands, stages }) {
    const hasGnu = sinceStep(stages, (step) => step.commands.some(installsWget));
    for (const { command, step } of commands) {
      const found = download(command);
      if (found?.tool !== 'wget' || !isNoisy(found) || isRedirected(command)) continue;
      if (command.wrappers.some(({ name }) => name === 'busybox')) continue;
      if (isBusybox(step.stage) && !hasGnu(step)) continue;
      const edit = addProgress(command);
      yield {
        at: (command.words[0] ?? command).span,
        message: 'wget prints its progress into the build log, line after line',
        help: 'add --progress=dot:giga or, to see errors only, -nv',
        // Where it is not known which wget there is, it may have no such option.
        ...(edit
          ? { fix: { title: 'Add --progress=dot:giga', safe: hasGnu(step) || isDebianLike(step.stage), edits: [edit] } }
          : {}),
      };
    }
  },
});

function isNoisy(found: Download): boolean {
  const { command, urls } = found;
  if (urls.length === 0 && !option(found, '-i', '--input-file')) return false;
  if (flag(command, '--progress') || command.words.some(({ text }) => text.startsWith('-nv'))) return false;
  return !option(found, '-q', '--quiet', '--no-verbose', '-o', '--output-file', '-a', '--append-output');
}

/** Whether standard error, where the progress goes, ends up elsewhere than in the log; redirections hold from left to right. */
function isRedirected({ redirects, pipeline }: Command): boolean {
  let isOutGone = pipeline.position < pipeline.length - 1;
  let isErrorGone = false;
  for (const { operator, fd = 1, target } of redirects) {
    const to = target?.text ?? '';
    const isFile = !/^\/dev\/(stdout|stderr|fd\/[12]|tty)$/.test(to);
    if (operator.startsWith('&>') || (operator === '>&' && !/^(\d+|-)$/.test(to))) {
      isOutGone = isFile;
      isErrorGone = isFile;
    } else if (operator.startsWith('>') && (fd === 1 || fd === 2)) {
      const isGone: boolean = operator !== '>&' ? isFile : to === '1' ? isOutGone : to === '2' ? isErrorGone : true;
      if (fd === 1) isOutGone = isGone;
      else isErrorGone = isGone;
    }
  }
  return isErrorGone;
}

function installsWget(command: Command): boolean {
  const found = apk(command);
  return found?.subcommand === 'add' && found.operands.some(({ text }) => /^wget([=~<>@]|$)/.test(text));
}

function isBusybox(stage: Stage): boolean {
  const base = stage.root;
  return systemOf(base) === 'alpine' || (base.kind === 'image' && base.image.repository === 'library/busybox');
}

function isDebianLike(stage: Stage): boolean {
  const system = systemOf(stage.root);
  return system === 'debian' || system === 'redhat';
}

function addProgress({ words: [program], exec }: Command): Edit | undefined {
  return program && insertAfter(program, exec ? ', "--progress=dot:giga"' : ' --progress=dot:giga');
}
