import { defineRule, isRootUser, userOf } from '../src/lint/rule.ts';

export default defineRule({
  id: 'named-user',
  aliases: ['DL3066'],
  category: 'security',
  mentions: ['user'],
  severity: 'off',
  presets: { hadolint: 'info' },
  summary: 'USER is a name, not a number',
  why: 'Kubernetes cannot tell from a name that the user is not root: with `runAsNonRoot` it refuses to start the container unless `runAsUser` is set, too. A number says it.',
  examples: [
    { bad: 'FROM node:22\nUSER «node»\n', good: 'FROM node:22\nUSER 1000\n', fixed: false },
    { bad: 'FROM node:22\nUSER «node»:1000\n', good: 'FROM node:22\nUSER 1000:node\n', fixed: false },
    { bad: 'FROM node:22\nENV APP=app\nUSER «${APP}:0»\n' },
    { bad: 'FROM node:22 AS base\nUSER «"node"»\nFROM base\n' },
    { good: 'FROM node:22\nARG APP\nUSER $APP\n' },
    { good: 'FROM node:22\nARG APP=1000\nUSER $APP:$APP\n' },
    { good: 'FROM node:22\nUSER node\nRUN npm ci\nUSER 1000\n' },
    { good: 'FROM node:22\nUSER root\n' },
    { good: 'FROM node:22 AS build\nUSER node\nFROM node:22\n' },
    { good: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser\n' },
  ],
  deviations: [
    {
      code: 'DL3066',
      what: 'only the user that the image ends with; variables are filled in where they are known; not for root',
      why: 'nobody else reads the name, and root is refused by any name',
    },
  ],
  *check({ finalStage }) {
    const user = finalStage && finalStage.os !== 'windows' ? userOf(finalStage) : undefined;
    if (!user || isRootUser(user.text)) return;
    const [name = ''] = user.text.split(':');
    if (name === '' || name.includes('$') || /^\d+$/.test(name)) return;
    const { word } = user;
    const isPlain = word.raw === user.text;
    yield {
      at: isPlain ? { start: word.span.start, end: word.span.start + name.length } : word.span,
      message: `Kubernetes cannot tell whether ${name} is root`,
      help: 'use the number of the user: USER 10001',
    };
  },
});
