import { defineRule, dnf, isOpenRpm, rpmInstall, rpmPackages, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'dnf-unpinned',
  aliases: ['DL3041'],
  category: 'correctness',
  mentions: ['dnf'],
  severity: 'off',
  presets: { strict: 'warning', hadolint: 'warning' },
  summary: 'dnf installs packages without a version',
  why: 'Without a version dnf takes the newest one on the day of the build, so two builds of one Dockerfile differ. Distributions remove old versions from their mirrors, though, so pinned packages need care: the rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM fedora:42\nRUN dnf install -y «httpd» curl-8.11.1-4.fc42\n',
      good: 'FROM fedora:42\nRUN dnf install -y httpd-2.4.63 curl-8.11.1-4.fc42\n',
    },
    {
      bad: 'FROM fedora:42\nRUN dnf -y in «a» b-1\nRUN microdnf install -y «a»\nRUN tdnf install -y «a»\nRUN dnf5 install -y «a»\n',
    },
    { bad: 'FROM fedora:42\nRUN dnf install -y «gcc-toolset-12-gcc» && dnf install -y «java-11-openjdk-devel»\n' },
    { bad: 'FROM fedora:42\nRUN ["dnf", "install", «"httpd"»]\n' },
    { bad: 'FROM fedora:42\nENV TOOLS="a-1 b"\nRUN dnf install -y «$TOOLS»\n' },
    { good: 'FROM fedora:42\nRUN dnf install -y a-1:2.3 b-1.2-3.el9.x86_64 nodejs:22 c.rpm https://a.example/d.rpm\n' },
    { good: 'FROM fedora:42\nARG V\nRUN dnf install -y a-$V b-${V}.x86_64 $TOOLS kernel-devel-$(uname -r)\n' },
    {
      good: 'FROM fedora:42\nRUN dnf install -y @development-tools && dnf groupinstall -y Server\n',
      note: 'Groups have no version.',
    },
    {
      bad: 'FROM fedora:42\nRUN dnf module install -y «nodejs» nodejs:22/common && dnf module enable -y a && dnf -y module install «nodejs/common»\n',
    },
    { good: 'FROM fedora:42\nRUN dnf remove -y httpd\n' },
  ],
  deviations: [
    { code: 'DL3041', what: 'a version must stand where RPM has one', why: '`gcc-toolset-12-gcc` is a name' },
    { code: 'DL3041', what: 'knows dnf in, tdnf and dnf5', why: 'they are the same command' },
    {
      code: 'DL3041',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const install = rpmInstall(dnf(command));
      if (!install) continue;
      const found = unpinned(install, step, rpmPackages, isOpenRpm);
      if (!found) continue;
      yield {
        at: found.at,
        message: `${install.tool} takes whatever version of ${found.names} is the newest`,
        help: `name the version: ${install.subcommand === 'module' ? 'module:stream' : 'package-version'}`,
      };
    }
  },
});
