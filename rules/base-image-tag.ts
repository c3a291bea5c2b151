import { defineRule, type ImageTarget } from '../src/lint/rule.ts';

export default defineRule({
  id: 'base-image-tag',
  aliases: ['DL3006'],
  category: 'correctness',
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'base image without a tag or digest',
  why: 'Without a tag the builder takes `latest`: whatever was pushed last. The same Dockerfile then gives another image tomorrow, and nothing in it says which version was meant.',
  examples: [
    { bad: 'FROM «debian»\n', good: 'FROM debian:13\n' },
    {
      bad: 'FROM --platform=linux/amd64 «localhost:5000/team/app» AS build\n',
      good: 'FROM localhost:5000/team/app:1.4\n',
    },
    { bad: 'ARG BASE=alpine\nFROM «${BASE}»\n', good: 'ARG BASE=alpine:3.22\nFROM ${BASE}\n' },
    { good: 'FROM debian:13 AS base\nFROM base\n' },
    { good: 'FROM scratch\n' },
    { good: 'FROM debian@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n' },
    { bad: 'ARG PROJECT\nFROM «gcr.io/$PROJECT/app»\n' },
    { good: 'ARG TAG\nFROM gcr.io/app$TAG\nFROM $TAG/app:3\n' },
    { good: 'ARG BASE\nFROM $BASE\n', note: 'What BASE is, only the build knows.' },
    { good: 'ARG VERSION=3\nFROM alpine:${VERSION}\n' },
  ],
  deviations: [
    {
      code: 'DL3006',
      what: 'silent for a name with a variable that only the build knows, unless its end shows that there is no tag',
      why: 'FROM stage-${TARGETARCH} may be a stage, $IMAGE may have a tag',
    },
    {
      code: 'DL3006',
      what: 'silent for placeholders such as REPLACE-ME, and for what cannot be an image',
      why: 'the first are filled in before the build, the second is `invalid-image`',
    },
    {
      code: 'DL3006',
      what: 'looks through ARG defaults',
      why: '`ARG BASE=alpine` and `FROM $BASE` is no better pinned',
    },
  ],
  *check({ images }) {
    for (const { use, target, span, text } of images) {
      const name = use === 'from' ? untagged(target, text) : undefined;
      if (name === undefined) continue;
      yield {
        at: span,
        message: `base image ${name} has no tag, so it is whatever ${name}:latest is at the time`,
        help: 'name a version, and better a digest, too',
      };
    }
  },
});

/** The name that has neither tag nor digest; of one that only the build knows, as written, when its end shows that. */
function untagged(target: ImageTarget, text: string): string | undefined {
  if (target.kind === 'unknown') return /\/[\w.-]+$/.test(text) ? text : undefined;
  if (target.kind !== 'image') return undefined;
  const { name, tag, digest } = target.image;
  return tag === undefined && digest === undefined ? name : undefined;
}
