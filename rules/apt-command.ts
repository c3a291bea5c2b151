import { addWord, aptGet, defineRule, type Edit, type Invocation, insertAfter, option } from '../src/lint/rule.ts';

/** Subcommands that apt-get has as well. */
const shared =
  /^(install|reinstall|update|upgrade|full-upgrade|dist-upgrade|remove|purge|autoremove|autopurge|clean|autoclean|build-dep|satisfy|source|download)$/;

export default defineRule({
  id: 'apt-command',
  aliases: ['DL3027'],
  category: 'style',
  mentions: ['apt'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: '`apt` is made for people, not for scripts',
  why: "apt's own manual says that its options and its output may change from one version to the next, and it warns in the log whenever it is called from a script. apt-get and apt-cache do the same and stay as they are.",
  examples: [
    {
      bad: 'FROM debian:13\nRUN «apt» update && apt -y install curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get -y install curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «/usr/bin/apt» upgrade -y; apt full-upgrade; apt upgrade --with-new-pkgs\n',
      good: 'FROM debian:13\nRUN sudo /usr/bin/apt-get upgrade --with-new-pkgs -y; apt-get full-upgrade; apt-get upgrade --with-new-pkgs\n',
    },
    {
      bad: 'FROM debian:13\nRUN [«"apt"», "install", "curl"]\n',
      good: 'FROM debian:13\nRUN ["apt-get", "install", "curl"]\n',
    },
    { bad: 'FROM debian:13\nRUN «apt» list --installed && «apt» show curl\n' },
    {
      bad: 'FROM debian:13\nRUN «apt» list && «apt» update && apt install curl && apt update\n',
      good: 'FROM debian:13\nRUN apt-cache show a && apt-get update && apt-get install curl && apt-get update\n',
      fixed: false,
    },
    { bad: 'FROM debian:13\nRUN «"apt"» update\n' },
    { good: 'FROM debian:13\nRUN apt-get update && apt-cache show curl && apt-mark hold curl && aptitude update\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y apt && command -v apt && apt --version\n' },
  ],
  *check({ steps }) {
    for (const { commands } of steps) {
      const calls = commands.flatMap((command) => {
        const found = aptGet(command);
        return found?.tool === 'apt' && found.subcommand !== '' ? [found] : [];
      });
      const mended = calls.flatMap((found) => toAptGet(found) ?? []);
      // One finding tells of all that one fix can mend.
      let isTold = false;
      for (const found of calls) {
        const [program] = found.command.words;
        const isMended = toAptGet(found) !== undefined;
        if (!program || (isMended && isTold)) continue;
        isTold ||= isMended;
        yield {
          at: program.span,
          message: '`apt` is not made for scripts',
          help: `use ${isMended ? 'apt-get' : 'apt-get or apt-cache'}`,
          ...(isMended ? { fix: { title: 'Use apt-get', edits: mended } } : {}),
        };
      }
    }
  },
});

function toAptGet(found: Invocation): Edit[] | undefined {
  const { command, subcommand } = found;
  const [program] = command.words;
  if (!program || !shared.test(subcommand)) return undefined;
  const { start, end } = program.span;
  const isPlain = end - start === program.text.length;
  if (!isPlain && !command.exec) return undefined;
  const name = insertAfter({ start, end: command.exec ? end - 1 : end }, '-get');
  // `apt upgrade` may install new packages, `apt-get upgrade` may not.
  if (subcommand !== 'upgrade' || option(found, '--with-new-pkgs')) return [name];
  return [name, addWord(found, '--with-new-pkgs')];
}
