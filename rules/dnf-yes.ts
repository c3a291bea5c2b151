import { addWord, askingRpmCalls, type Command, defineRule, dnf, type Invocation } from '../src/lint/rule.ts';

export default defineRule({
  id: 'dnf-yes',
  aliases: ['DL3038'],
  category: 'correctness',
  mentions: ['dnf'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'dnf stops to ask for confirmation',
  why: 'dnf asks before it installs or removes anything. Nobody answers in a build: dnf reads the end of its input, takes that for a no, and the build fails.',
  examples: [
    { bad: 'FROM fedora:42\nRUN «dnf install» curl\n', good: 'FROM fedora:42\nRUN dnf install -y curl\n' },
    {
      bad: 'FROM fedora:42\nRUN sudo «/usr/bin/dnf5 -q in» a; «tdnf update»; «dnf remove» a\n',
      good: 'FROM fedora:42\nRUN sudo /usr/bin/dnf5 -q in -y a; tdnf update -y; dnf remove -y a\n',
    },
    {
      bad: 'FROM fedora:42\nRUN «dnf group» install base && «dnf module» enable nodejs:22\n',
      good: 'FROM fedora:42\nRUN dnf group -y install base && dnf module -y enable nodejs:22\n',
    },
    {
      bad: 'FROM fedora:42\nRUN [«"dnf", "install"», "a"]\n',
      good: 'FROM fedora:42\nRUN ["dnf", "install", "-y", "a"]\n',
    },
    { good: 'FROM fedora:42\nRUN dnf -y install a && dnf install -qy b && dnf --assumeyes install c\n' },
    {
      good: 'FROM fedora:42\nRUN yes | dnf install a && dnf install --setopt=assumeyes=1 b && dnf install --assumeno c\n',
    },
    { good: 'FROM fedora:42\nENV OPTS=-y\nRUN dnf $OPTS install a && dnf install $DNF_OPTS b\n' },
    { good: 'FROM fedora:42\nRUN echo assumeyes=True >> /etc/dnf/dnf.conf\nRUN dnf install a\n' },
    { good: 'FROM fedora:42\nRUN dnf clean all && dnf makecache && dnf group list && yum install a\n' },
    {
      good: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nRUN microdnf install curl\n',
      note: 'It never asks.',
    },
  ],
  deviations: [
    {
      code: 'DL3038',
      what: 'looks at upgrade, remove and other changes, and at dnf5 and tdnf',
      why: 'they ask as well',
    },
    {
      code: 'DL3038',
      what: 'silent when a dnf.conf of the image, --setopt=assumeyes or a pipe answers',
      why: 'dnf does not ask then',
    },
    { code: 'DL3038', what: 'silent for microdnf', why: 'it always assumes yes' },
  ],
  *check(model) {
    for (const found of askingRpmCalls(model, asking, /\/(dnf|tdnf)\.conf$/)) {
      yield {
        at: found.head,
        message: `\`${found.tool} ${found.subcommandWord?.text ?? ''}\` asks, and nobody answers`,
        help: 'add -y',
        fix: { title: 'Add -y', edits: [addWord(found, '-y')] },
      };
    }
  },
});

/** microdnf never asks. */
function asking(command: Command): Invocation | undefined {
  const found = dnf(command);
  return found?.tool === 'microdnf' ? undefined : found;
}
