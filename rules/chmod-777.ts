import { type Command, defineRule, fileMode, isRemovedAfter, type ShellWord } from '../src/lint/rule.ts';

export default defineRule({
  id: 'chmod-777',
  category: 'security',
  severity: 'warning',
  summary: 'everybody may write to a file or folder',
  why: 'Whatever runs in the container, under whatever user, may then replace programs, configuration and data: one hole in one process is enough. It also hides who was meant to write there.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN chmod -R «777» /app/cache && chmod «a+rwx» /b\n',
      good: 'FROM debian:13\nRUN chown -R app /app/cache && chmod u+rwx /b\n',
    },
    {
      bad: 'FROM debian:13\nRUN mkdir -p -m «0777» /a && install -d --mode=«777» /b && chmod /c «ugo+rw» && mkdir -m«777» /d\n',
    },
    { bad: 'FROM debian:13\nCOPY --chmod=«777» a /a\nADD --chmod=«o+w» a /b\nONBUILD COPY --chmod=«0666» a /\n' },
    {
      bad: 'FROM debian:13\nRUN chmod «2777» /var/run/postgresql; chmod «666» /a; find /a -type d -exec chmod «=777» {} +\n',
    },
    { bad: 'FROM debian:13\nRUN ["chmod", «"777"», "/a"]\n' },
    { bad: 'FROM debian:13\nRUN chmod «u=rwx,go=rwx» /a && chmod «o-x+w» /a\n' },
    {
      good: 'FROM debian:13\nRUN chmod 1777 /tmp && chmod 755 /a && chmod a+rwxt /b && chmod u+w,g+w /c && chmod +w /d && chmod go-w /e\n',
    },
    {
      good: 'FROM debian:13\nRUN mkdir -p /777 && chmod 755 777 && echo 777 && chmod $MODE /a && umask 777 && install -m 755 a 777\n',
    },
    { good: 'FROM debian:13\nCOPY --chmod=755 a /a\nCOPY --chmod=$MODE a /a\nCOPY 777 /777\n' },
    {
      good: 'FROM debian:13\nRUN chmod o+w-w /a && chmod a=rw,o=r /b && chmod --reference=777 a 666 && chmod o+w,o=r /c\n',
    },
    { good: 'FROM debian:13\nRUN d="$(mktemp -d)" && chmod 777 "$d" && make && rm -rf "$d"\n' },
    { bad: 'FROM debian:13\nRUN chmod «777» -v && chmod -R «777» /tmp/a /b -v && rm -rf /tmp/a\n' },
    { good: 'FROM debian:13\nRUN chmod -v 777 /tmp/a && rm -rf /tmp/a && chmod 777 /dev/a /proc/b -v && mkdir -m\n' },
    { bad: 'FROM debian:13\nRUN chmod «"777"» /a && chmod «7\\\n77» /b\n', exact: true },
    { good: 'FROM debian:13 AS build\nRUN chmod -R 777 /src\nFROM debian:13\n', note: 'A stage that is thrown away.' },
    {
      good: 'FROM debian:13\nRUN chmod 777 /dev/kvm && echo "chmod 777 a"\n',
      note: 'Devices are made anew for every container.',
    },
    { good: 'FROM debian:13\nRUN tool -m 777 a && mkdir a\nHEALTHCHECK CMD chmod 777 /a\n' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const { instruction, stage, commands } = step;
      if (!stage.isShipped) continue;
      if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
        const flag = instruction.flags.find(({ name }) => name === 'chmod');
        if (flag?.value === undefined || !fileMode(flag.value)?.isWorldWritable) continue;
        yield problem(flag.valueSpan ?? flag.span, flag.value, 'what is copied');
      }
      if (instruction.keyword !== 'RUN') continue;
      for (const command of commands) {
        const mode = modeOf(command);
        if (!mode || !fileMode(mode.text)?.isWorldWritable) continue;
        const paths = command.words.filter(
          ({ span, text }, i) => i > 0 && span.start !== mode.word.span.start && !text.startsWith('-'),
        );
        if (paths.length > 0 && paths.every(({ text }) => isPassing(text) || isRemovedAfter(step, command, text)))
          continue;
        const path = paths[0]?.text ?? '';
        const { start, end } = mode.word.span;
        const isExact = mode.word.raw.length === end - start && mode.word.raw.endsWith(mode.text) && !command.exec;
        yield problem({ start: isExact ? end - mode.text.length : start, end }, mode.text, path);
      }
    }
  },
});

function problem(
  at: { start: number; end: number },
  mode: string,
  path: string,
): { at: typeof at; message: string; help: string } {
  return {
    at,
    message: `${mode} lets everybody write to ${shown(path)}`,
    help: 'give it to the user that needs it: chown, COPY --chown; for any user of group 0: chgrp -R 0 and chmod -R g=u',
  };
}

function shown(path: string): string {
  return path === '' || path.length > 60 || path === '{}' ? 'it' : path;
}

/** Made anew for every container. */
function isPassing(path: string): boolean {
  return /^\/(dev|proc|sys)\//.test(path);
}

interface Mode {
  readonly word: ShellWord;
  readonly text: string;
}

/** The mode that chmod, mkdir or install give. */
function modeOf({ name, words }: Command): Mode | undefined {
  if (name === 'chmod') {
    if (words.some(({ text }) => text.startsWith('--reference'))) return undefined;
    const word = words.find(({ text }) => fileMode(text) !== undefined);
    return word && { word, text: word.text };
  }
  if (name !== 'mkdir' && name !== 'install') return undefined;
  const at = words.findIndex(({ text }) => /^(-m|--mode)/.test(text));
  const flag = words[at];
  const next = words[at + 1];
  if (!flag) return undefined;
  if (flag.text === '-m' || flag.text === '--mode') return next && { word: next, text: next.text };
  return { word: flag, text: flag.text.replace(/^(-m|--mode=)/, '') };
}
