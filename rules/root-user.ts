import { defineRule, dropsRoot, isRootUser, userOf } from '../src/lint/rule.ts';

export default defineRule({
  id: 'root-user',
  aliases: ['DL3002', 'DS-0002'],
  category: 'security',
  mentions: ['user'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'the last USER is root',
  why: 'What runs in the container runs as root. Whoever breaks into it may change every file of the image, and a hole in the kernel or a mounted folder is all it takes to be root on the host.',
  examples: [
    {
      bad: 'FROM node:22\nUSER node\nUSER «root»\nCMD ["node", "."]\n',
      good: 'FROM node:22\nUSER root\nUSER node\n',
      fixed: false,
    },
    { bad: 'FROM debian:13\nUSER «0:0»\n', good: 'FROM debian:13\nUSER 10001:0\n', fixed: false },
    { bad: 'FROM debian:13\nUSER «"root"»\n' },
    { bad: 'FROM debian:13\nARG U\nUSER «${U:-root}»\n' },
    { bad: 'FROM debian:13\nENV U=root\nUSER «$U»\n' },
    {
      bad: 'FROM debian:13 AS base\nUSER «root»\nFROM base\nRUN true\n',
      good: 'FROM debian:13 AS base\nUSER root\nFROM base\nUSER app\n',
      fixed: false,
      note: 'A stage inherits the user of the stage it starts from.',
    },
    { good: 'FROM golang:1.25 AS build\nUSER root\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n' },
    { good: 'FROM debian:13\nARG U\nUSER $U\n' },
    { good: 'FROM debian:13\nUSER rootless\n' },
    { good: 'FROM debian:13\nONBUILD USER root\nUSER 1000\n' },
    { good: 'FROM debian:13\nUSER 1000\nONBUILD USER root\n' },
    { good: 'FROM debian:13\nUSER root\nENTRYPOINT ["gosu", "app", "serve"]\n' },
    { good: 'FROM debian:13\nUSER root\nRUN apt-get install -y gosu\nENTRYPOINT ["/start"]\n' },
    { good: 'FROM debian:13\nUSER root\nCOPY --from=gosu:1 /gosu /bin/\nENTRYPOINT ["/start"]\n' },
  ],
  deviations: [
    {
      code: 'DL3002',
      what: 'only the final stage counts, and the stages it starts from',
      why: 'nothing ever runs as the last user of a build stage',
    },
    {
      code: 'DL3002',
      what: 'quoted names and variables are read; an image that starts with gosu, su-exec or s6-overlay is silent',
      why: 'such an image starts as root in order to stop being root',
    },
  ],
  *check({ finalStage }) {
    const user = finalStage && userOf(finalStage);
    if (!user || !isRootUser(user.text) || dropsRoot(finalStage)) return;
    yield {
      at: user.word.span,
      message: 'the container runs as root: this is the last USER',
      help: 'after the steps that need root, put USER with an unprivileged one, best by number: USER 10001',
    };
  },
});
