import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copied-image-digest',
  category: 'security',
  mentions: ['from='],
  severity: 'off',
  presets: { strict: 'warning' },
  summary: 'files are taken from an image without a digest',
  why: 'COPY --from and RUN --mount=from= take programs out of other images, and these run in the build and in production. A tag can be moved to another image at any time; a digest names the content itself.',
  examples: [
    {
      bad: 'FROM scratch\nCOPY --from=«busybox:1.37» /bin/busybox /bin/\n',
      good: 'FROM scratch\nCOPY --from=busybox:1.37@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef /bin/busybox /bin/\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN --mount=type=bind,from=«ghcr.io/astral-sh/uv:0.8»,source=/uv,target=/bin/uv uv sync\n',
    },
    { good: 'FROM alpine:3.22 AS build\nFROM scratch\nCOPY --from=build /a /a\n' },
    { good: 'FROM alpine:3.22\nARG X\nCOPY --from=$X /a /a\n' },
  ],
  *check({ images }) {
    for (const { use, target, span } of images) {
      if (use === 'from' || target.kind !== 'image' || target.image.digest !== undefined) continue;
      yield {
        at: span,
        message: `image ${target.image.text} is pinned by no digest`,
        help: 'add the digest that `docker buildx imagetools inspect` shows: name:tag@sha256:…',
      };
    }
  },
});
