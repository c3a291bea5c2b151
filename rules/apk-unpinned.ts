import { apk, apkPackages, defineRule, hasNoVersion, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'apk-unpinned',
  aliases: ['DL3018'],
  category: 'correctness',
  mentions: ['apk'],
  severity: 'off',
  presets: { strict: 'warning', hadolint: 'warning' },
  summary: 'apk installs packages without a version',
  why: 'Without a version apk takes the newest one on the day of the build, so two builds of one Dockerfile differ. Alpine removes old versions from its mirrors, though, so an exact version soon breaks the build: pin to a range such as `curl~8.14`. The rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM alpine:3.22\nRUN apk add --no-cache «curl» git~2.49\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl~8.14 git~2.49\n',
    },
    { bad: 'FROM alpine:3.22\nRUN apk --no-cache add -t .deps a=1 "b>2" "c<3" «d»\n' },
    { bad: 'FROM alpine:3.22\nRUN apk add --virtual .deps --repository https://a.example/edge «curl@edge»\n' },
    { bad: 'FROM alpine:3.22\nRUN ["apk", "add", «"curl"»]\n' },
    { bad: 'FROM alpine:3.22\nENV DEPS="-q a=1 b"\nRUN apk add «$DEPS»\n' },
    { good: 'FROM alpine:3.22\nARG DEPS\nRUN apk add $DEPS a${A_VERSION} b=$B /tmp/c.apk !d\n' },
    { good: 'FROM alpine:3.22\nRUN apk del curl && apk upgrade && apk info curl\n' },
  ],
  deviations: [
    {
      code: 'DL3018',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const install = apk(command);
      if (install?.subcommand !== 'add') continue;
      const found = unpinned(install, step, apkPackages, (each) => hasNoVersion(each) && !each.name.startsWith('!'));
      if (!found) continue;
      yield {
        at: found.at,
        message: `apk takes whatever version of ${found.names} is the newest`,
        help: "name a version or a range: package=version, 'package~1.2'",
      };
    }
  },
});
