import {
  addWord,
  defineRule,
  fillInAll,
  type Invocation,
  isAnswered,
  mayHoldOptions,
  option,
  zypper,
} from '../src/lint/rule.ts';

const asks = /^(install|remove|source-install|patch|update|dist-upgrade|install-new-recommends|verify)$/;

export default defineRule({
  id: 'zypper-yes',
  aliases: ['DL3034'],
  category: 'correctness',
  mentions: ['zypper'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'zypper stops to ask for confirmation',
  why: 'zypper asks before it installs or removes anything. Nobody answers in a build, so zypper gives up, and the build fails.',
  examples: [
    {
      bad: 'FROM opensuse/leap:15.6\nRUN «zypper install» curl\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl\n',
    },
    {
      bad: 'FROM opensuse/leap:15.6\nRUN sudo «/usr/bin/zypper -q in» a; «zypper rm» b; «zypper up»; «zypper patch»\n',
      good: 'FROM opensuse/leap:15.6\nRUN sudo /usr/bin/zypper -q in -y a; zypper rm -y b; zypper up -y; zypper patch -y\n',
    },
    {
      bad: 'FROM opensuse/leap:15.6\nRUN [«"zypper", "install"», "a"]\n',
      good: 'FROM opensuse/leap:15.6\nRUN ["zypper", "install", "-y", "a"]\n',
    },
    {
      bad: 'FROM opensuse/leap:15.6\nRUN «zypper install» -n curl\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper install -y -n curl\n',
      note: 'Behind the subcommand, -n is --name.',
    },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n install a && zypper --non-interactive in b && zypper -qn dup\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper install -y a && zypper in --no-confirm b && yes | zypper in c\n' },
    { good: 'FROM opensuse/leap:15.6\nENV OPTS=-n\nRUN zypper $OPTS in a && zypper in $ZYPPER_ARGS b\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper refresh && zypper clean && zypper search a\n' },
  ],
  deviations: [
    { code: 'DL3034', what: 'looks at update and dist-upgrade, too', why: 'they ask as well' },
    { code: 'DL3034', what: '-n counts only in front of the subcommand', why: 'behind it, it means --name' },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const found = zypper(command) && zypper(fillInAll(command, step));
      if (!found || !asks.test(found.subcommand) || isYes(found)) continue;
      if (mayHoldOptions(found.command) || isAnswered(command, step)) continue;
      yield {
        at: found.head,
        message: `\`zypper ${found.subcommandWord?.text ?? ''}\` asks, and nobody answers`,
        help: 'add -y, or call zypper --non-interactive',
        fix: { title: 'Add -y', edits: [addWord(found, '-y')] },
      };
    }
  },
});

function isYes(found: Invocation): boolean {
  if (option(found, '-y', '--no-confirm', '--non-interactive')) return true;
  const words = found.command.words;
  const subcommand = found.subcommandWord ? words.indexOf(found.subcommandWord) : words.length;
  return found.options.some(({ name, word }) => name === '-n' && words.indexOf(word) < subcommand);
}
