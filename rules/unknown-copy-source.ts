import { closest, defineRule, type ImageUse, officialImages, replace, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'unknown-copy-source',
  aliases: ['DL3022'],
  category: 'correctness',
  mentions: ['from='],
  severity: 'error',
  presets: { hadolint: 'warning' },
  summary: 'COPY --from names a stage that does not exist',
  why: 'What is no stage is taken for an image: the builder asks Docker Hub for it and stops when there is none. Should somebody publish one under that name, their files would be copied.',
  examples: [
    {
      bad: 'FROM golang:1.24 AS build\nFROM scratch\nCOPY --from=«biuld» /app /app\n',
      good: 'FROM golang:1.24 AS build\nFROM scratch\nCOPY --from=build /app /app\n',
    },
    { bad: 'FROM golang:1.24\nFROM scratch\nCOPY --from=«builder» /app /app\n' },
    { bad: 'FROM golang:1.24 AS app\nFROM scratch\nCOPY --from=«2» /app /app\n' },
    { bad: 'FROM alpine:3\nRUN --mount=type=bind,from=«Build»,target=/x cat /x/a\nCOPY --from=«a//b» /a /a\n' },
    { good: 'FROM golang:1.24 AS Build\nFROM scratch\nCOPY --from=build /app /app\nCOPY --from=0 /b /b\n' },
    {
      good: 'FROM scratch\nCOPY --from=later /app /app\nFROM golang:1.24 AS later\n',
      note: 'BuildKit sorts the stages itself.',
    },
    {
      good: 'FROM php:8.4 AS app\nCOPY --from=a/php-installer /a /a\nCOPY --from=composer:2.8 /a /a\nCOPY --from=ghcr.io/astral-sh/uv /b /b\n',
    },
    {
      good: 'FROM php:8.4 AS compose\nCOPY --from=composer:2 /a /a\nCOPY --from=composer@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef /a /a\n',
    },
    { good: 'FROM php:8.4 AS app\nCOPY --from=composer /a /a\n', note: 'An image: this is `copied-image-tag`.' },
    { good: 'FROM php:8.4\nARG STAGE\nCOPY --from=$STAGE /a /a\n' },

    {
      bad: 'FROM golang:1.24 AS build\nFROM scratch\nCOPY --from=«Biuld» /a /a\n',
      good: 'FROM golang:1.24 AS build\nFROM scratch\nCOPY --from=build /a /a\n',
    },
    { bad: 'FROM golang:1.24 AS build\nFROM scratch\nARG S=builder\nCOPY --from=«$S» /a /a\n' },
    {
      good: 'FROM golang:1.24 AS build\nFROM builder\nCOPY --from=a/build /a /a\nCOPY --from=build /b /b\n',
      note: 'FROM has rules of its own.',
    },
    {
      bad: 'FROM golang:1 AS base\nFROM debian:13\nCOPY --from=«vase» /a /a\n',
      good: 'FROM golang:1 AS base\nFROM debian:13\nCOPY --from=base /a /a\n',
    },
    { good: 'FROM golang:1 AS ngin\nFROM debian:13\nCOPY --from=nginx /a /a\n' },
    { good: 'FROM golang:1 AS dev\nFROM debian:13\nCOPY --from=dex /a /a\n' },
    {
      bad: 'FROM golang:1 AS redis1\nFROM debian:13\nCOPY --from=«redis2» /a /a\n',
      good: 'FROM golang:1 AS redis1\nFROM debian:13\nCOPY --from=redis1 /a /a\n',
    },
    { good: 'FROM golang:1 AS builder\nFROM buidler\n' },
    {
      good: 'FROM golang:1\nCOPY --from= a /a\nCOPY --from="" a /a\nRUN --mount=type=bind,from=,source=a,target=/a a\n',
    },
    { bad: 'FROM golang:1 AS builder\nFROM debian:13\nCOPY --from=a/builder /a /a\nCOPY --from=«builde:» /a /a\n' },
    { bad: 'FROM golang:1 AS build1\nFROM debian:13\nCOPY --from=«7» /a /a\n' },
  ],
  deviations: [
    { code: 'DL3022', what: 'silent for images, also without a tag', why: 'they are what --from is for, too' },
    { code: 'DL3022', what: 'silent for variables and for later stages', why: 'BuildKit takes both' },
    { code: 'DL3022', what: 'looks at RUN --mount=from=, too', why: 'it names stages in the same way' },
  ],
  *check({ images, stages }) {
    const names = namesOf(stages);
    for (const use of images) {
      // Without a name it is the build context.
      if (use.use === 'from' || /^(?:"")?$/.test(use.text)) continue;
      const near = closestStage(use, names);
      if (use.target.kind !== 'invalid' && !near && !isMeantAsStage(use)) continue;
      const fix = near && { title: `Write ${near}`, safe: false, edits: [replace(use.span, near)] };
      yield {
        at: use.span,
        message: messageOf(use, stages),
        help: near ? `did you mean ${near}?` : 'name a stage of this file, or an image with its version',
        ...(fix ? { fix } : {}),
      };
    }
  },
});

function messageOf({ expanded = '', target }: ImageUse, stages: readonly Stage[]): string {
  if (/^\d+$/.test(expanded)) return `there is no stage ${expanded}: they are numbered 0 to ${stages.length - 1}`;
  return `there is no stage ${expanded}, ${target.kind === 'invalid' ? 'and it cannot be an image' : 'so it is taken for an image'}`;
}

/** A misspelt name is compared with so many stages. */
const maxNames = 100;

function namesOf(stages: readonly Stage[]): readonly string[] {
  const names = stages.flatMap(({ name }) => (name === undefined || name.length < 4 ? [] : [name]));
  return [...new Set(names)].slice(0, maxNames);
}

/** The stage that a name without a tag, a registry and a path is a misspelling of. */
function closestStage({ target, expanded = '', text }: ImageUse, names: readonly string[]): string | undefined {
  if (text !== expanded || !/^[\w.-]+$/.test(expanded)) return undefined;
  if (target.kind !== 'invalid' && target.kind !== 'image') return undefined;
  const near = closest(expanded, names);
  // `composer` and `compose` are two things.
  return officialImages.has(expanded) ? undefined : near;
}

/** What stages are called, and no image on Docker Hub that anybody would copy from. */
const stageNames =
  /^(?:(?:[\w.]+[-_])?(?:build|builder|base|deps|dependencies|dev|development|prod|production|release|runner|runtime|test|tests|stage|final|assets|publish|compile|compiler|installer|downloader|vendor)(?:[-_]?\d+|[-_](?:stage|env|image|deps|base))?)$/;

function isMeantAsStage({ target, expanded = '' }: ImageUse): boolean {
  return target.kind === 'image' && stageNames.test(expanded);
}
