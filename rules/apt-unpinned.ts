import { aptGet, aptPackages, defineRule, hasNoVersion, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'apt-unpinned',
  aliases: ['DL3008'],
  category: 'correctness',
  mentions: ['apt'],
  severity: 'off',
  presets: { strict: 'warning', hadolint: 'warning' },
  summary: 'apt installs packages without a version',
  why: 'Without a version apt takes the newest one on the day of the build, so two builds of one Dockerfile differ. Distributions remove old versions from their mirrors, though, so pinned packages need care, or a snapshot mirror: the rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends «curl» git=1:2.47.2-0.1\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.1-2 git=1:2.47.2-0.1\n',
    },
    { bad: 'FROM debian:13\nRUN sudo /usr/bin/apt-get -y -t sid install «curl»\nRUN apt install -y «git»\n' },
    { bad: 'FROM debian:13\nRUN <<EOF\nset -e\naptitude install -y a=1 «b»\nEOF\n' },
    { bad: 'FROM debian:13\nRUN ["apt-get", "install", «"curl"»]\n' },
    { bad: 'FROM debian:13\nRUN tools="curl git=1" && apt-get install -y «$tools»\n' },
    { bad: 'FROM debian:13\nENV PYTHON=3.13\nRUN apt-get install -y «python${PYTHON}-dev»\n' },
    { bad: 'FROM debian:13\nARG PYTHON\nRUN apt-get install -y «python${PYTHON}-dev»\n' },
    {
      good: 'FROM debian:13\nARG TOOLS\nARG CURL\nRUN apt-get install -y $TOOLS curl$CURL git=$GIT linux-headers-$(uname -r)\n',
    },
    { good: 'FROM debian:13\nARG CURL=curl=1\nRUN apt-get install -y "$CURL"\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y curl/trixie-backports ./a.deb /tmp/b.deb\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y nano-\n', note: 'This removes nano.' },
    { good: 'FROM debian:13\nRUN apt-get remove -y curl && echo apt-get install git\n' },
  ],
  deviations: [
    { code: 'DL3008', what: 'looks at apt and aptitude, too', why: 'they install the same packages' },
    {
      code: 'DL3008',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const install = aptGet(command);
      if (install?.subcommand !== 'install') continue;
      const found = unpinned(install, step, aptPackages, (each) => hasNoVersion(each) && !each.name.endsWith('-'));
      if (!found) continue;
      yield {
        at: found.at,
        message: `${install.tool} takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package=version',
      };
    }
  },
});
