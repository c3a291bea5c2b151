import { defineRule, type ImageReference, officialImages } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copied-image-tag',
  category: 'correctness',
  mentions: ['from='],
  severity: 'warning',
  summary: 'files are taken from an image without a version',
  why: 'COPY --from and RUN --mount=from= take programs out of other images. Without a tag, or with `latest`, that is whatever was pushed last: the same Dockerfile copies another version tomorrow.',
  examples: [
    {
      bad: 'FROM php:8.4\nCOPY --from=«composer» --link /usr/bin/composer /usr/local/bin/composer\n',
      good: 'FROM php:8.4\nCOPY --from=composer:2.8 --link /usr/bin/composer /usr/local/bin/composer\n',
    },
    { bad: 'FROM debian:13\nCOPY --from=«tiltdev/ctlptl» /usr/local/bin/ctlptl /usr/local/bin/\n' },
    { bad: 'FROM python:3.13\nCOPY --from=«ghcr.io/astral-sh/uv:latest» /uv /bin/\n' },
    { bad: 'FROM python:3.13\nRUN --mount=from=«ghcr.io/astral-sh/uv»,source=/uv,target=/bin/uv uv sync\n' },
    { bad: 'FROM php:8.4\nARG TAG=latest\nCOPY --from=«composer:$TAG» /usr/bin/composer /usr/bin/\n' },
    { good: 'FROM golang:1.24 AS build\nFROM scratch\nCOPY --from=build /app /app\nCOPY --from=0 /a /a\n' },
    { good: 'FROM scratch\nCOPY --from=busybox:1.37 /bin/busybox /bin/\n' },
    {
      good: 'FROM scratch\nCOPY --from=busybox@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef /a /a\n',
    },
    { good: 'FROM scratch\nARG X\nCOPY --from=$X /a /a\n' },
    {
      good: 'FROM scratch\nCOPY --from=packages /a /a\nRUN --mount=type=bind,from=sources,target=/src make\n',
      note: 'Perhaps named contexts, given to the build with --build-context.',
    },
    { bad: 'FROM scratch\nCOPY --from=«packages:latest» /a /a\n' },
    { good: 'FROM alpine:latest\n', note: 'This is `base-image-latest`.' },
  ],
  *check({ images }) {
    for (const { use, target, span } of images) {
      if (use === 'from' || target.kind !== 'image') continue;
      const { name, tag, digest } = target.image;
      if (digest !== undefined || (tag !== undefined && tag !== 'latest') || isPerhapsContext(target.image)) continue;
      yield {
        at: span,
        message: messageOf(name, tag),
        help: 'name a version, and better a digest, too',
      };
    }
  },
});

function isPerhapsContext({ text }: ImageReference): boolean {
  return /^[^/:]+$/.test(text) && !officialImages.has(text);
}

function messageOf(name: string, tag: string | undefined): string {
  if (tag !== undefined) return `${name}:${tag} is whatever was pushed last`;
  const why = name.includes('/') ? `${name} has no tag` : `there is no stage ${name}`;
  return `${why}, so this is ${name}:latest, whatever was pushed last`;
}
