import { defineRule, type ImageTarget } from '../src/lint/rule.ts';

export default defineRule({
  id: 'base-image-latest',
  aliases: ['DL3007'],
  category: 'correctness',
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'base image with the tag `latest`',
  why: '`latest` is only the name of whatever was pushed last. The same Dockerfile gives another image tomorrow, with a new major version sooner or later, and nothing in it says which version was meant.',
  examples: [
    { bad: 'FROM «alpine:latest»\n', good: 'FROM alpine:3.22\n' },
    { bad: 'FROM --platform=linux/amd64 «localhost:5000/team/app:latest» AS build\n' },
    { bad: 'ARG TAG=latest\nFROM «alpine:${TAG}»\n', good: 'ARG TAG=3.22\nFROM alpine:${TAG}\n' },
    { bad: 'ARG PROJECT\nFROM «gcr.io/$PROJECT/app:latest»\n' },
    { good: 'ARG TAG\nFROM alpine:$TAG\nFROM $TAG\n' },
    { good: 'FROM alpine:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n' },
    { good: 'FROM node:latest-alpine\n', note: 'Another tag, which DL3007 does not mean either.' },
    { good: 'FROM alpine\n', note: 'This is `base-image-tag`.' },
    { good: 'FROM alpine:3.22 AS latest\nFROM latest\n' },
    { good: 'FROM alpine:3.22\nCOPY --from=busybox:latest /bin/busybox /bin/\n', note: 'This is `copied-image-tag`.' },
  ],
  deviations: [
    {
      code: 'DL3007',
      what: 'looks through ARG defaults',
      why: '`ARG TAG=latest` and `FROM alpine:$TAG` is no better pinned',
    },
  ],
  *check({ images }) {
    for (const { use, target, span, text } of images) {
      const name = use === 'from' ? latestOf(target, text) : undefined;
      if (name === undefined) continue;
      yield {
        at: span,
        message: `${name}:latest is whatever was pushed last`,
        help: 'name a version, and better a digest, too',
      };
    }
  },
});

/** The name in front of the tag `latest`; of a name that only the build knows, as it is written. */
function latestOf(target: ImageTarget, text: string): string | undefined {
  if (target.kind === 'unknown') return /^(.+):latest$/s.exec(text)?.[1];
  if (target.kind !== 'image') return undefined;
  const { name, tag, digest } = target.image;
  return tag === 'latest' && digest === undefined ? name : undefined;
}
