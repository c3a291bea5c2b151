import { cover, defineRule, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-root',
  aliases: ['DL3067'],
  category: 'size',
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'the whole file system of another image is copied over this one',
  why: 'Everything comes along: package manager, caches, sources, settings, whatever secrets there are. It overwrites files of the base image, `/etc/passwd` among them, so that neither of the two is what it was.',
  examples: [
    {
      bad: 'FROM golang:1.25 AS build\nRUN make\nFROM alpine:3.22\nCOPY --from=build «/ /»\n',
      good: 'FROM golang:1.25 AS build\nRUN make\nFROM alpine:3.22\nCOPY --from=build /app/bin/app /usr/bin/\n',
    },
    { bad: 'FROM alpine:3.22\nCOPY --from=busybox:1.37 «/. //»\nCOPY --from=busybox:1.37 [«"/*", "/"»]\n' },
    {
      good: 'FROM alpine:3.22 AS build\nFROM scratch\nCOPY --from=build / /\n',
      note: 'This is how layers are made into one.',
    },
    {
      good: 'FROM scratch AS files\nCOPY etc /etc\nFROM files AS more\nFROM alpine:3.22\nCOPY --from=more / /\n',
      note: 'Only what was put together for it.',
    },
    { good: 'FROM alpine:3.22\nCOPY --from=busybox:1.37 / /rootfs/\nCOPY --from=busybox:1.37 /bin /\nCOPY / /\n' },
    { good: 'FROM alpine:3.22\nCOPY --from=busybox:1.37 /bin /etc /\nCOPY --from=busybox:1.37 / $TARGET\n' },
  ],
  deviations: [
    {
      code: 'DL3067',
      what: 'silent in stages that start from scratch, and for sources that do',
      why: 'the first is how layers are made into one; the second holds only what was put into it',
    },
  ],
  *check({ steps }) {
    for (const { copy, stage } of steps) {
      if (!copy?.target || copy.from.kind === 'context' || startsFromScratch(stage)) continue;
      if (copy.from.kind === 'stage' && startsFromScratch(copy.from.stage)) continue;
      const [source, ...others] = copy.sources;
      if (!source || others.length > 0 || !isRoot(source.path) || !isRoot(copy.targetPath)) continue;
      yield {
        at: cover(source.word, copy.target),
        message: 'this copies a whole file system over that of the base image',
        help: 'copy the files that are needed',
      };
    }
  },
});

function startsFromScratch(stage: Stage): boolean {
  return stage.root.kind === 'scratch';
}

function isRoot(path: string | undefined): boolean {
  return path !== undefined && /^\/+(\.?\/*|\*)$/.test(path);
}
