import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'base-image-digest',
  category: 'security',
  severity: 'off',
  presets: { strict: 'warning' },
  summary: 'base image without a digest',
  why: 'A tag can be moved to another image at any time, by its owner or by somebody who has taken over the account. A digest names the content itself: what was tested is what is built. Tools such as Renovate and Dependabot keep digests up to date.',
  examples: [
    {
      bad: 'FROM «debian:13»\n',
      good: 'FROM debian:13@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
    },
    { bad: 'ARG BASE=alpine\nFROM «$BASE»\n' },
    {
      good: 'FROM debian@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef AS base\nFROM base\n',
    },
    { good: 'FROM scratch\n' },
    { good: 'ARG BASE\nFROM $BASE\n', note: 'What BASE is, only the build knows.' },
    { good: 'FROM scratch\nCOPY --from=busybox:1.37 / /\n', note: 'This is `copied-image-digest`.' },
  ],
  *check({ images }) {
    for (const { use, target, span } of images) {
      if (use !== 'from' || target.kind !== 'image' || target.image.digest !== undefined) continue;
      yield {
        at: span,
        message: `base image ${target.image.text} is pinned by no digest`,
        help: 'add the digest that `docker buildx imagetools inspect` shows: name:tag@sha256:…',
      };
    }
  },
});
