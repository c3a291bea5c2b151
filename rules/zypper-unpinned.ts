import { defineRule, unpinned, zypper, zypperPackages } from '../src/lint/rule.ts';

export default defineRule({
  id: 'zypper-unpinned',
  aliases: ['DL3037'],
  category: 'correctness',
  mentions: ['zypper'],
  severity: 'off',
  presets: { strict: 'warning', hadolint: 'warning' },
  summary: 'zypper installs packages without a version',
  why: 'Without a version zypper takes the newest one on the day of the build, so two builds of one Dockerfile differ. Distributions remove old versions from their mirrors, though, so pinned packages need care: the rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper -n install «httpd» curl=8.6.0\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper -n install httpd=2.4.58 curl=8.6.0\n',
    },
    { bad: 'FROM opensuse/leap:15.6\nRUN zypper -n in --no-recommends -r repo "a>=1" «b»\n' },
    { bad: 'FROM opensuse/leap:15.6\nRUN ["zypper", "install", «"httpd"»]\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n in a.rpm https://a.example/b.rpm $TOOLS\n' },
    { bad: 'FROM opensuse/leap:15.6\nRUN zypper -n in -r pattern «a» && zypper in -t package «b»\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper in --type=pattern devel_basis\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n in -t pattern devel_basis\n', note: 'Patterns have no version.' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n rm httpd\n' },
  ],
  deviations: [
    {
      code: 'DL3037',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const install = zypper(command);
      if (install?.subcommand !== 'install') continue;
      if (install.options.some(({ name, value }) => /^(-t|--type)$/.test(name) && value === 'pattern')) continue;
      const found = unpinned(install, step, zypperPackages);
      if (!found) continue;
      yield {
        at: found.at,
        message: `zypper takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package=version',
      };
    }
  },
});
