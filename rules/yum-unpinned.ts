import { defineRule, isOpenRpm, rpmInstall, rpmPackages, unpinned, yum } from '../src/lint/rule.ts';

export default defineRule({
  id: 'yum-unpinned',
  aliases: ['DL3033'],
  category: 'correctness',
  mentions: ['yum'],
  severity: 'off',
  presets: { strict: 'warning', hadolint: 'warning' },
  summary: 'yum installs packages without a version',
  why: 'Without a version yum takes the newest one on the day of the build, so two builds of one Dockerfile differ. Distributions remove old versions from their mirrors, though, so pinned packages need care: the rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM fedora:42\nRUN yum install -y «httpd» curl-8.11.1-4.fc42\n',
      good: 'FROM fedora:42\nRUN yum install -y httpd-2.4.63 curl-8.11.1-4.fc42\n',
    },
    { bad: 'FROM fedora:42\nRUN yum -y install «a» b-1\n' },
    { bad: 'FROM fedora:42\nRUN yum install -y «gcc-toolset-12-gcc» && yum install -y «java-11-openjdk-devel»\n' },
    { bad: 'FROM fedora:42\nRUN ["yum", "install", «"httpd"»]\n' },
    { bad: 'FROM fedora:42\nENV TOOLS="a-1 b"\nRUN yum install -y «$TOOLS»\n' },
    { good: 'FROM fedora:42\nRUN yum install -y a-1:2.3 b-1.2-3.el9.x86_64 nodejs:22 c.rpm https://a.example/d.rpm\n' },
    { good: 'FROM fedora:42\nARG V\nRUN yum install -y a-$V b-${V}.x86_64 $TOOLS kernel-devel-$(uname -r)\n' },
    {
      good: 'FROM fedora:42\nRUN yum install -y @development-tools && yum groupinstall -y Server\n',
      note: 'Groups have no version.',
    },
    {
      bad: 'FROM fedora:42\nRUN yum module install -y «nodejs» nodejs:22/common && yum module enable -y a && yum -y module install «nodejs/common»\n',
    },
    { good: 'FROM fedora:42\nRUN yum remove -y httpd\n' },
  ],
  deviations: [
    { code: 'DL3033', what: 'a version must stand where RPM has one', why: '`gcc-toolset-12-gcc` is a name' },
    {
      code: 'DL3033',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const install = rpmInstall(yum(command));
      if (!install) continue;
      const found = unpinned(install, step, rpmPackages, isOpenRpm);
      if (!found) continue;
      yield {
        at: found.at,
        message: `yum takes whatever version of ${found.names} is the newest`,
        help: `name the version: ${install.subcommand === 'module' ? 'module:stream' : 'package-version'}`,
      };
    }
  },
});
