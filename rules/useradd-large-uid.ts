import {
  type Command,
  defineRule,
  fillInAll,
  insertAfter,
  option,
  readArguments,
  type Span,
  type ToolSyntax,
} from '../src/lint/rule.ts';

/** Short options with a value, which may stand in the same word: `-s/bin/false` has no `-l`. */
const syntax: ToolSyntax = {
  valued: new Set(['-b', '-c', '-d', '-e', '-f', '-g', '-G', '-k', '-K', '-p', '-P', '-R', '-s', '-u', '--uid', '-Z']),
};

export default defineRule({
  id: 'useradd-large-uid',
  aliases: ['DL3046'],
  category: 'size',
  mentions: ['useradd'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'useradd with a large user id makes huge log files',
  why: 'useradd resets the entry of the new user in /var/log/lastlog and /var/log/faillog, which are indexed by user id. For a large id they become sparse files of many megabytes or even gigabytes, and a layer stores the holes, too.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN useradd -m -u «1000000» app\n',
      good: 'FROM debian:13\nRUN useradd -l -m -u 1000000 app\n',
    },
    {
      bad: 'FROM debian:13\nARG ID=123456\nRUN sudo /usr/sbin/useradd «--uid=100000» a && useradd -mu «$ID» b; useradd --uid «"200000"» c\n',
      good: 'FROM debian:13\nARG ID=123456\nRUN sudo /usr/sbin/useradd -l --uid=100000 a && useradd -l -mu $ID b; useradd -l --uid "200000" c\n',
    },
    {
      bad: 'FROM debian:13\nRUN ["useradd", "-u", «"100000"», "app"]\n',
      good: 'FROM debian:13\nRUN ["useradd", "-l", "-u", "100000", "app"]\n',
    },
    { good: 'FROM debian:13\nRUN useradd -u 99999 a && useradd -c 1000000 b && useradd -g 1000000 c\n' },
    {
      good: 'FROM debian:13\nRUN useradd -lu 1000000 a && useradd --no-log-init -u 1000000 b && useradd -u 1000000 -l c\n',
    },
    { good: 'FROM debian:13\nARG ID\nRUN useradd -u $ID a && usermod -u 1000000 b && groupadd -g 1000000 c\n' },
  ],
  deviations: [{ code: 'DL3046', what: 'reads --uid and variables, too', why: 'they set the same user id' }],
  *check({ commands }) {
    for (const { command, step } of commands) {
      if (command.name !== 'useradd') continue;
      const found = uidOf(fillInAll(command, step));
      const [program] = command.words;
      if (!found || !program) continue;
      yield {
        at: found.at,
        message: `user id ${found.uid} blows up /var/log/lastlog`,
        help: 'add -l (--no-log-init)',
        fix: { title: 'Add -l', edits: [insertAfter(program, command.exec ? ', "-l"' : ' -l')] },
      };
    }
  },
});

/** A user id of six digits or more that useradd writes into the logs. */
function uidOf({ words }: Command): { readonly at: Span; readonly uid: string } | undefined {
  const read = readArguments(words.slice(1), syntax);
  const uid = option(read, '-u', '--uid');
  if (!uid?.valueWord || !uid.value || option(read, '-l', '--no-log-init')) return undefined;
  return /^\d{6,10}$/.test(uid.value) ? { at: uid.valueWord.span, uid: uid.value } : undefined;
}
