import { defineRule, lateGroups, moveArgument } from '../src/lint/rule.ts';

export default defineRule({
  id: 'volatile-arg',
  category: 'cache',
  mentions: ['arg'],
  severity: 'warning',
  summary: 'an argument that differs in every build stands in front of an install',
  why: 'A build argument is in the environment of every RUN behind it, and so in its cache key, whether the RUN reads it or not. With a commit or a date declared at the top, no RUN below is ever taken from the cache. COPY has no environment and LABEL runs nothing, so declared last, such an argument costs nothing.',
  examples: [
    {
      bad: 'FROM debian:13\nARG «GIT_SHA»\nRUN apt-get update && apt-get install -y curl\nLABEL revision=$GIT_SHA\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
    },
    {
      bad: 'FROM node:22\nARG PORT=80\nARG «BUILD_DATE»=1970-01-01\nARG COMMIT_SHA=unknown\nENV COMMIT=$COMMIT_SHA\nLABEL created=$BUILD_DATE\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n',
      good: 'FROM node:22\nARG PORT=80\nCOPY package*.json ./\nRUN npm ci\nARG BUILD_DATE=1970-01-01\nARG COMMIT_SHA=unknown\nENV COMMIT=$COMMIT_SHA\nLABEL created=$BUILD_DATE\nCOPY . .\n',
      note: 'A script of a package may read such a variable, so this move is not sure to be safe.',
    },
    {
      bad: 'FROM debian:13 AS base\nARG «VCS_REF»\nFROM base\nRUN apt-get install -y curl\n',
      note: 'Arguments go on in the stages that start from this one.',
    },
    {
      bad: 'FROM debian:13\nARG «GIT_SHA»\nRUN curl -fsSLO https://e.org/x\nRUN echo $GIT_SHA > /version\nRUN apt-get install -y curl\n',
      note: 'A step in between reads it.',
    },
    { good: 'FROM debian:13\nARG VERSION\nRUN apt-get install -y curl\n' },
    {
      good: 'FROM debian:13\nARG GIT_SHA\nRUN apt-get install -y curl && echo $GIT_SHA > /version\n',
      note: 'It reads it.',
    },
    { good: 'FROM debian:13\nARG CACHEBUST=1\nRUN apt-get install -y curl\n', note: 'That is what it is for.' },
    {
      good: 'FROM debian:13\nARG COMMIT=1f2e3d4\nARG LIBFOO_COMMIT\nRUN apt-get install -y git\n',
      note: 'Pins of something else.',
    },
    {
      good: 'FROM debian:13\nARG BUILD_DATE\nARG GIT_REF\nADD https://e.org/foo.git#$GIT_REF /foo\nRUN apt-get install -y git\nRUN curl -fsSLO https://e.org/$BUILD_DATE/python.tar.zst\n',
      note: 'They tell what to fetch.',
    },
    {
      good: 'ARG BUILD_DATE\nFROM debian:13\nRUN apt-get install -y curl\n',
      note: 'In no environment until a stage declares it.',
    },
    { good: 'FROM debian:13 AS a\nARG GIT_SHA\nFROM debian:13\nRUN apt-get install -y curl\n' },
    { good: 'FROM debian:13\nARG GIT_SHA\nCOPY . .\nRUN make\n' },
  ],
  *check(model) {
    for (const { at, change, lates, title } of lateGroups(model, 'argument', ({ need }) => need.work !== 'compile')) {
      const name = change.input.kind === 'argument' ? change.input.name : '';
      const fix = moveArgument(model, lates);
      yield {
        at,
        message: `${name} is another one in every build, and so every build runs ${title} again`,
        help: 'declare it as late as possible, right before the first step that reads it',
        ...(fix ? { fix } : {}),
      };
    }
  },
});
