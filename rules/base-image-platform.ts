import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'base-image-platform',
  aliases: ['InvalidBaseImagePlatform'],
  category: 'correctness',
  mentions: ['platform'],
  severity: 'warning',
  presets: { buildkit: 'warning' },
  summary: 'The base image is for another platform than the one asked for',
  why: 'A tag of an image that was pushed for one platform alone is pulled whatever --platform says, with no more than a warning of the builder. Its programs then run under emulation, many times slower, or fail with "exec format error". Needs --resolve: only the registry knows.',
  examples: [
    {
      bad: 'FROM --platform=linux/arm64 «registry.example/tool:1»\n',
      images: { 'registry.example/tool:1': { platform: { os: 'linux', architecture: 'amd64' } } },
    },
    {
      bad: 'FROM --platform=windows/amd64 «registry.example/tool:1» AS base\nFROM base\n',
      images: { 'registry.example/tool:1': { platform: { os: 'linux', architecture: 'amd64' } } },
    },
    {
      bad: 'FROM --platform=linux/arm/v6 «registry.example/tool:1»\n',
      images: { 'registry.example/tool:1': { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } } },
    },
    {
      good: 'FROM --platform=linux/arm64/v8 registry.example/tool:1\nFROM --platform=linux/arm64 registry.example/other:1\n',
      images: {
        'registry.example/tool:1': { platform: { os: 'linux', architecture: 'arm64' } },
        'registry.example/other:1': { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      },
    },
    { good: 'FROM --platform=linux/arm64 registry.example/tool:1\n' },
    { good: 'FROM --platform=$BUILDPLATFORM registry.example/tool:1\nFROM --platform=linux/arm64 scratch\n' },
    {
      good: 'FROM --platform=$BUILDPLATFORM registry.example/tool:1\nFROM --platform=arm64 registry.example/tool:1\n',
      images: { 'registry.example/tool:1': {} },
    },
  ],
  *check({ stages }) {
    for (const { base, from, platform } of stages) {
      const has = base.kind === 'image' ? base.facts?.platform : undefined;
      if (!has || !from.image || platform === undefined) continue;
      const [os, architecture, variant] = platform.split('/');
      if (!architecture) continue;
      const isSameVariant = !variant || !has.variant || variant === has.variant;
      if (os === has.os && architecture === has.architecture && isSameVariant) continue;
      const name = [has.os, has.architecture, has.variant].filter(Boolean).join('/');
      yield {
        at: from.image.span,
        message: `${from.image.text} is for ${name}, not for ${platform} as --platform asks`,
        help: `name an image that is there for this platform, or say what it is: --platform=${name}`,
      };
    }
  },
});
