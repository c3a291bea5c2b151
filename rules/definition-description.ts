import { type Dockerfile, defineRule, type Instruction, type Span } from '../src/lint/rule.ts';

export default defineRule({
  id: 'definition-description',
  aliases: ['InvalidDefinitionDescription'],
  category: 'style',
  severity: 'off',
  summary: 'a comment above a stage or an ARG that is not its description',
  why: '`docker build --call=outline` and `--call=targets` show the comment that stands directly above an ARG or a named FROM, if it begins with the name. Any other comment there is not shown.',
  examples: [
    {
      bad: '«# The compiler»\nFROM golang:1.24 AS build\n',
      good: '# build is where the compiler runs\nFROM golang:1.24 AS build\n',
      exact: true,
    },
    { bad: 'FROM alpine:3\n# a\n«# b is not c»\nARG c=1\n' },
    { bad: '«# versions are»\nARG version=1\nFROM alpine:3\n', exact: true },
    { good: '# version of the tool\n# to be built\nARG version=1\nFROM alpine:3\n' },
    { good: '# The compiler\n\nFROM golang:1.24 AS build\n', exact: true },
    { good: '# The compiler\n#\nFROM golang:1.24 AS build\n', note: 'An empty comment keeps them apart.', exact: true },
    { good: '# a base\nFROM golang:1.24\n# hm\nRUN true\n' },
    { good: 'FROM alpine:3\n# dlint-ignore unused-arg\nARG a\n# hadolint ignore=DL3006\nFROM a AS b\n' },
    { good: 'FROM alpine:3 AS a\n' },
  ],
  deviations: [
    {
      code: 'InvalidDefinitionDescription',
      what: 'switched on by --select or the configuration, not by `# check=experimental=…`',
      why: 'what is linted is chosen there',
    },
  ],
  *check({ dockerfile }) {
    for (const { name, comments } of described(dockerfile)) {
      const texts = comments.map(({ start, end }) => dockerfile.source.text.slice(start, end).replace(/^#\s*/, ''));
      const last = comments.at(-1);
      if (!last || texts.at(-1)?.trim() === '' || texts.some((text) => text.startsWith(`${name} `))) continue;
      if (texts.some((text) => /^(?:dlint-ignore|hadolint\b|check\s*=)/.test(text))) continue;
      yield {
        at: last,
        message: `this comment would be the description of ${name}, but does not begin with it`,
        help: `write \`# ${name} …\`, or leave an empty line`,
      };
    }
  },
});

/** Named stages and ARGs, with the comment lines directly above them. */
function* described({ items, source: { text } }: Dockerfile): Iterable<{ name: string; comments: readonly Span[] }> {
  let comments: Span[] = [];
  for (const item of items) {
    if (item.kind === 'comment') comments.push(item.span);
    else if (item.kind === 'instruction') {
      const name = nameOf(item);
      if (name !== undefined && comments.length > 0) yield { name, comments };
      comments = [];
    } else if (/\n[^\n]*\n/.test(text.slice(item.span.start, item.span.end))) comments = [];
  }
}

function nameOf(instruction: Instruction): string | undefined {
  if (instruction.keyword === 'FROM') return instruction.name?.text;
  return instruction.keyword === 'ARG' ? instruction.pairs[0]?.key.text : undefined;
}
