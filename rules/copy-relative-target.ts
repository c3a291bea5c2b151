import { defineRule, flagOption, lineStarts, listing, positionAt, type Stage, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-relative-target',
  aliases: ['DL3045'],
  category: 'correctness',
  severity: 'info',

  presets: { hadolint: 'warning' },
  summary: 'a relative destination where no WORKDIR is set',
  why: 'The files go below the working directory of the base image, which this file does not show. In most images that is `/`, and a new version of the base may move it, so that the program is suddenly not where it is looked for.',
  options: {
    each: flagOption(false, 'Every COPY by itself; otherwise the first of a stage, which names the others.'),
  },
  presetOptions: { hadolint: { each: true } },
  examples: [
    {
      bad: 'FROM alpine:3\nCOPY a «.»\nCOPY b /b\nCOPY c .\nFROM alpine:3\nCOPY a «.»\n',
    },
    {
      bad: 'FROM alpine:3\nCOPY a «.»\nCOPY b /b\nCOPY c «.»\n',
      options: { each: true },
    },
    {
      bad: 'FROM node:22\nCOPY package.json «app/»\n',
      good: 'FROM node:22\nWORKDIR /srv\nCOPY package.json app/\n',
    },
    { bad: 'FROM alpine:3\nADD --chown=1:1 app.tar «.»\n', good: 'FROM alpine:3\nCOPY package.json /srv/\n' },
    { bad: 'FROM alpine:3\nENV D=app\nCOPY ["a b", «"./$D"»]\nWORKDIR /srv\nCOPY a .\n' },
    { bad: 'FROM alpine:3\nWORKDIR srv\nCOPY a «.»\n', note: 'Nor does a relative WORKDIR tell where.' },
    { good: 'FROM alpine:3 AS base\nWORKDIR /srv\nFROM base\nCOPY . .\n' },
    { good: 'FROM alpine:3\nCOPY a /a\nCOPY b $HOME/b\nCOPY c "/c"\n' },
    { good: 'FROM alpine:3\nENV D=/srv\nCOPY a ${D}/a\nCOPY b ${D:-x}\n' },
    { good: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY a C:/a\nCOPY b \\b\n' },
    { good: 'FROM alpine:3\nONBUILD COPY . .\n', note: 'The image that is built on this one may have a WORKDIR.' },
    { good: 'FROM scratch\nCOPY a .\n', note: 'Below nothing, it is the root.' },
    { good: 'FROM php:8.4\nCOPY . .\nFROM golang:1.24 AS g\nFROM g\nCOPY . .\n', note: 'Known for their WORKDIR.' },
  ],
  deviations: [
    { code: 'DL3045', what: 'looks at ADD, too', why: 'it has the same destination' },
    { code: 'DL3045', what: 'looks through variables', why: '`$DIR` may be relative, or absolute' },
    { code: 'DL3045', what: 'a relative WORKDIR is none', why: 'it is relative to what nobody knows' },
    {
      code: 'DL3045',
      what: 'silent for scratch and official images that set a WORKDIR',
      why: 'there it is known where the files go',
    },
  ],
  *check({ stages, dockerfile }, { each }) {
    const starts = lineStarts(dockerfile.source.text);
    for (const stage of stages) {
      if (hasKnownWorkdir(stage)) continue;
      const targets = stage.steps.flatMap((step) => relativeTarget(step) ?? []);
      for (const target of each ? targets : targets.slice(0, 1)) {
        const lines = each ? [] : targets.slice(1).map(({ span }) => String(positionAt(starts, span.start).line));
        const others = lines.length === 0 ? '' : `, as in ${lines.length === 1 ? 'line' : 'lines'} ${listing(lines)}`;
        yield {
          at: target.span,
          message: `${target.text} is relative to the working directory of the base image, whatever that is${others}`,
          help: 'write the whole path, or set WORKDIR before',
        };
      }
    }
  },
});

function relativeTarget({ copy, deferred, workdir }: Step) {
  if (!copy?.target || deferred || workdir !== undefined || copy.targetPath === undefined) return undefined;
  return /^(?:[/\\]|[A-Za-z]:|$)/.test(copy.targetPath) ? undefined : copy.target;
}

/** Official images that people copy into without a path. */
const withWorkdir = /^library\/(?:golang|php|httpd|tomcat|wordpress|drupal|joomla|jetty|ghost|rocket\.chat)$/;

function hasKnownWorkdir(stage: Stage): boolean {
  const root = stage.root;
  return root.kind === 'scratch' || (root.kind === 'image' && withWorkdir.test(root.image.repository));
}
