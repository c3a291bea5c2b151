import { defineRule, type LateInstall, lateGroups, plainName, proposal } from '../src/lint/rule.ts';

export default defineRule({
  id: 'mount-before-install',
  category: 'cache',
  mentions: ['mount'],
  severity: 'warning',
  summary: 'dependencies are installed with the whole source tree mounted',
  why: 'What a RUN mounts from the build context is part of its cache key: when any file below the mounted folder changes, the RUN is run again, and so is every step behind it. An install that mounts the source tree installs everything anew with each edit. Mounted alone, the files that list the dependencies change seldom.',
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nRUN «--mount=type=bind,target=.,rw» npm ci\n',
      good: 'FROM node:22\nWORKDIR /app\nRUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\n',
    },
    {
      bad: 'FROM debian:13\nRUN «--mount=target=/src» apt-get install -y gcc && make -C /src\nRUN apt-get install -y curl\n',
      good: 'FROM debian:13\nRUN apt-get install -y curl\nRUN apt-get install -y gcc\nRUN --mount=target=/src make -C /src\n',
    },
    {
      bad: 'FROM golang:1.25 AS build\nRUN «--mount=target=/src» go build -o /out/app /src\nRUN go install a.example/tool@v1\n',
      note: 'A RUN with another result makes all behind it run again.',
    },
    {
      bad: 'FROM golang:1.25 AS build\nCOPY . /src\nFROM debian:13\nRUN «--mount=from=build,source=/src,target=/src» apt-get install -y gcc\n',
    },
    {
      good: 'FROM node:22 AS deps\nCOPY package.json /app/\nFROM node:22\nRUN --mount=type=bind,from=deps,source=/app,target=/app npm i -g x\n',
    },
    { good: 'FROM node:22\nRUN --mount=type=cache,target=/src --mount=type=secret,id=src npm ci\n' },
    { good: 'FROM python:3.13\nRUN --mount=target=/src pip install /src\n' },
    { good: 'FROM python:3.13\nCOPY . /src\nRUN pip install -r /src/requirements.txt\n' },
  ],
  *check(model) {
    for (const { at, change, lates, title } of lateGroups(model, 'mount', ({ need }) => need.work === 'install')) {
      const isOwn = lates.every(({ step }) => step === change.step);
      yield {
        at,
        message: `every edit of a source file runs ${title} again: this mount is part of the cache key`,
        help: isOwn ? mountHelp(lates) : proposal(lates, 'this RUN'),
      };
    }
  },
});

function mountHelp(lates: readonly LateInstall[]): string {
  const [file] = lates.flatMap(({ need }) => need.manifests ?? []).map(plainName);
  if (file === undefined) return 'install without the mount: it needs nothing of it';
  return `mount only what it reads, each file for itself: --mount=type=bind,source=${file},target=${file}`;
}
