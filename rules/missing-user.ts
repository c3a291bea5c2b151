import { defineRule, dropsRoot, flagOption, startsAsRoot, userOf } from '../src/lint/rule.ts';

export default defineRule({
  id: 'missing-user',
  aliases: ['DS-0002'],
  category: 'security',
  severity: 'info',
  summary: 'no USER, and the base image runs as root',
  why: 'Without USER the container runs as whatever the base image says, and that is root for nearly all of them. Whoever breaks into it may change every file of the image, and a hole in the kernel or a mounted folder is all it takes to be root on the host.',
  options: {
    unknown: flagOption(false, 'Also where it is not known whether the base image has a user of its own.'),
  },
  examples: [
    { bad: 'FROM «node:22»\nCMD ["node", "."]\n', good: 'FROM node:22\nUSER node\nCMD ["node", "."]\n', fixed: false },
    { bad: 'FROM node:22 AS build\nUSER node\nFROM «scratch»\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n' },
    { bad: 'FROM alpine:3 AS base\nCMD ["/app"]\nFROM «base»\n' },
    { bad: 'FROM «gcr.io/distroless/static»\nENTRYPOINT ["/app"]\nONBUILD USER 1\n' },
    { bad: 'FROM «mcr.microsoft.com/dotnet/aspnet:9.0»\nENTRYPOINT ["dotnet", "a.dll"]\n' },
    { bad: 'FROM «team/app:1»\nCMD ["/app"]\n', options: { unknown: true } },
    { good: 'FROM team/app:1\nCMD ["/app"]\n', note: 'The base image may have a USER.' },
    { good: 'FROM alpine:3 AS base\nUSER 10001\nFROM base\nCMD ["/app"]\n' },
    { good: 'FROM gcr.io/distroless/static:nonroot\nENTRYPOINT ["/app"]\n' },
    { good: 'FROM mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled\nENTRYPOINT ["dotnet", "a.dll"]\n' },
    { good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD ["a.exe"]\n', options: { unknown: true } },
    { good: 'FROM scratch\nCOPY data /\n', note: 'Nothing is said to run.' },
    { good: 'FROM postgres:18\nCMD ["postgres"]\n', note: 'It stops being root by itself.' },
    { good: 'FROM alpine:3\nENTRYPOINT ["su-exec", "app", "serve"]\n' },
    { good: 'FROM alpine:3\nRUN apk add su-exec\nENTRYPOINT ["/start"]\n' },
  ],
  *check({ finalStage }, { unknown }) {
    const image = finalStage?.from.image;
    if (!image || finalStage.os === 'windows' || userOf(finalStage)) return;
    const isStarted = finalStage.start.CMD ?? finalStage.start.ENTRYPOINT;
    const isOpen = unknown && finalStage.root.kind !== 'scratch';
    if (!isStarted || !(startsAsRoot(finalStage) || isOpen) || dropsRoot(finalStage)) return;
    yield {
      at: image.span,
      message: startsAsRoot(finalStage)
        ? 'the container runs as root: there is no USER'
        : 'there is no USER, and the base image may well run as root',
      help: 'after the steps that need root, put USER with an unprivileged one, best by number: USER 10001',
    };
  },
});
