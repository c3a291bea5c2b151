import { apk, aptGet, type Command, defineRule, dnf, type Invocation, option, yum, zypper } from '../src/lint/rule.ts';

export default defineRule({
  id: 'system-upgrade',
  category: 'size',
  severity: 'off',
  presets: { strict: 'info' },
  summary: 'all packages of the base image are upgraded',
  why: 'Every upgraded package is in the image twice, since the layers of the base image stay as they are, and two builds of one Dockerfile differ. A newer base image has the same fixes. Where base images are rebuilt too seldom for that, upgrading is right, so the rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get update && «apt-get upgrade» -y && apt-get install -y curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «apt -y full-upgrade» && «/usr/bin/apt-get -y dist-upgrade» && «aptitude safe-upgrade»\n',
    },
    { bad: 'FROM alpine:3.22\nRUN «apk -U upgrade» --no-cache\n' },
    {
      bad: 'FROM fedora:42\nRUN «dnf -y update» && «yum upgrade» -y && «microdnf update» -y && «dnf distro-sync» && «dnf up-min»\n',
    },
    { bad: 'FROM opensuse/leap:15.6\nRUN «zypper -n up» && «zypper patch»\n' },
    { bad: 'FROM alpine:3.22\nRUN [«"apk", "upgrade"»]\n' },
    {
      good: 'FROM fedora:42\nRUN dnf -y upgrade openssl && apk upgrade openssl && apt-get install --only-upgrade openssl\n',
    },
    {
      good: 'FROM fedora:42\nRUN dnf -y upgrade --security && yum update --advisory=a\n',
      note: 'Security fixes alone.',
    },
    {
      good: 'FROM debian:13\nRUN apt-get update && dnf makecache && pip install --upgrade pip && apk add upgrade && dnf install update\n',
    },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper dup\n', note: 'This is `zypper-dist-upgrade`.' },
  ],
  *check({ commands }) {
    for (const { command } of commands) {
      const found = upgrade(command);
      if (!found || found.operands.length > 0 || option(found, '--security', '--advisory', '--bugfix', '--cve'))
        continue;
      yield {
        at: found.head,
        message: `${found.tool} upgrades every package of the base image`,
        help: 'name a newer base image, or upgrade single packages',
      };
    }
  },
});

function upgrade(command: Command): Invocation | undefined {
  const debian = aptGet(command);
  if (debian) return /^(upgrade|dist-upgrade|full-upgrade|safe-upgrade)$/.test(debian.subcommand) ? debian : undefined;
  const found = apk(command) ?? yum(command) ?? dnf(command);
  if (found) return /^(upgrade|upgrade-minimal|distro-sync)$/.test(found.subcommand) ? found : undefined;
  const suse = zypper(command);
  return suse && /^(update|patch)$/.test(suse.subcommand) ? suse : undefined;
}
