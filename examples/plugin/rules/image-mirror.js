import { defineRule, replace, stringOption } from 'dlint/rule';

/** Options, the semantic model's images, and a fix. */
export default defineRule({
  id: 'example/image-mirror',
  category: 'security',
  severity: 'warning',
  summary: 'an image that does not come through the mirror',
  why: 'Builds here have no way to Docker Hub. What comes through the mirror has been scanned, and is still there when Docker Hub limits or loses it.',
  options: {
    mirror: stringOption('mirror.example.com/hub', 'Registry, and folder in it, that stands for Docker Hub.'),
  },
  examples: [
    {
      bad: 'FROM «node:22»\n',
      good: 'FROM mirror.example.com/hub/library/node:22\n',
    },
    {
      bad: 'FROM scratch\nCOPY --from=«grafana/grafana:12.1» /etc/grafana /etc/grafana\n',
      good: 'FROM scratch\nCOPY --from=localhost:5000/grafana/grafana:12.1 /etc/grafana /etc/grafana\n',
      options: { mirror: 'localhost:5000' },
    },
    {
      bad: 'ARG IMAGE=node:22\nFROM «$IMAGE»\n',
      fixed: false,
      note: 'Where the name comes from a variable, a person has to say which.',
    },
    { good: 'FROM ghcr.io/acme/app:1 AS base\nFROM base\nCOPY --from=0 /a /b\n' },
    { good: 'FROM scratch\nCOPY . /\n' },
  ],
  *check({ images }, { mirror }) {
    for (const { target, span, text } of images) {
      // Stages, scratch, and what only the build knows are no images of Docker Hub.
      if (target.kind !== 'image' || target.image.registry !== 'docker.io') continue;
      const { repository, tag, digest } = target.image;
      const name = `${mirror}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
      const isWritten = !text.includes('$');
      yield {
        at: span,
        message: `${text} comes from Docker Hub`,
        help: `take it from ${name}`,
        // The mirror's image may lag behind: the result need not be the same.
        ...(isWritten && { fix: { title: 'Take it from the mirror', safe: false, edits: [replace(span, name)] } }),
      };
    }
  },
});
