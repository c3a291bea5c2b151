import { addWord, askingRpmCalls, defineRule, yum } from '../src/lint/rule.ts';

export default defineRule({
  id: 'yum-yes',
  aliases: ['DL3030'],
  category: 'correctness',
  mentions: ['yum'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'yum stops to ask for confirmation',
  why: 'yum asks before it installs or removes anything. Nobody answers in a build: yum reads the end of its input, takes that for a no, and the build fails or goes on without the packages.',
  examples: [
    { bad: 'FROM centos:7\nRUN «yum install» curl\n', good: 'FROM centos:7\nRUN yum install -y curl\n' },
    {
      bad: 'FROM centos:7\nRUN sudo «/usr/bin/yum -q groupinstall» base; «yum update»; «yum remove» a\n',
      good: 'FROM centos:7\nRUN sudo /usr/bin/yum -q groupinstall -y base; yum update -y; yum remove -y a\n',
    },
    {
      bad: 'FROM centos:7\nRUN «yum group» install base && «yum module» enable nodejs\n',
      good: 'FROM centos:7\nRUN yum group -y install base && yum module -y enable nodejs\n',
    },
    {
      bad: 'FROM centos:7\nRUN [«"yum", "localinstall"», "a.rpm"]\n',
      good: 'FROM centos:7\nRUN ["yum", "localinstall", "-y", "a.rpm"]\n',
    },
    { good: 'FROM centos:7\nRUN yum -y install a && yum install -qy b && yum --assumeyes install c\n' },
    {
      good: 'FROM centos:7\nRUN yes | yum install a && yum install --setopt=assumeyes=1 b && yum install --assumeno c\n',
    },
    { good: 'FROM centos:7\nENV OPTS=-y\nRUN yum $OPTS install a && yum install $YUM_OPTS b\n' },
    { good: 'FROM centos:7\nRUN echo assumeyes=1 >> /etc/yum.conf\nRUN yum install a\n' },
    { good: 'FROM centos:7\nRUN yum clean all && yum makecache && yum repolist && yum group list && dnf install a\n' },
  ],
  deviations: [
    { code: 'DL3030', what: 'looks at update, remove and other changes, too', why: 'yum asks as well' },
    {
      code: 'DL3030',
      what: 'silent when a yum.conf of the image, --setopt=assumeyes or a pipe answers',
      why: 'yum does not ask then',
    },
  ],
  *check(model) {
    for (const found of askingRpmCalls(model, yum, /\/yum\.conf$/)) {
      yield {
        at: found.head,
        message: `\`yum ${found.subcommandWord?.text ?? ''}\` asks, and nobody answers`,
        help: 'add -y',
        fix: { title: 'Add -y', edits: [addWord(found, '-y')] },
      };
    }
  },
});
