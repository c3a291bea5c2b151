import { defineRule, type Instruction, type Word } from '../src/lint/rule.ts';

export default defineRule({
  id: 'trailing-comment',
  category: 'correctness',
  severity: 'error',
  summary: 'a comment behind an instruction',
  why: 'A `#` begins a comment only at the start of a line. Behind an instruction it is an argument like any other, and so are the words after it: they become variables, files to be copied, or part of a name.',
  examples: [
    { bad: 'FROM alpine:3\nARG VERSION=1 «# the version»\n', good: 'FROM alpine:3\n# the version\nARG VERSION=1\n' },
    { bad: 'FROM alpine:3\nCOPY a b «# c»\nEXPOSE 80 «# web»\nVOLUME /a «#a b»\n' },
    { bad: 'FROM alpine:3\nUSER app «# not root»\nWORKDIR /a  «#b»\nENV A b «# c»\nONBUILD USER a «# b»\n' },
    { good: 'FROM alpine:3\nRUN true # fine\nCMD true # fine\nENV A="b # c" B=c#d\nLABEL a \'b # c\'\n' },
    { good: 'FROM alpine:3\nARG A=1 \\\n  # fine\n  B=2\nCOPY a#b c\nWORKDIR /a#b\nCOPY ["a", "#b", "/c/"]\n' },
    { good: 'FROM alpine:3 # a\nENV A=b # c\n', note: 'These are `syntax-error`.' },
    {
      good: 'FROM debian:13\nCOPY ["a", "# b", "/c"]\nCOPY # a b\nCOPY a\nVOLUME ["/a", "#b"]\nENV A=b # c\nENV A b"#"c # d\n',
    },
    { bad: 'FROM debian:13\nVOLUME /a «# b # c»\nCOPY a b «# c # d»\n' },
    { good: 'FROM debian:13\nCOPY ["a", "#b"]\nVOLUME #a\n' },
  ],
  *check({ steps, preamble, dockerfile }) {
    for (const instruction of [...preamble, ...steps.map((step) => step.instruction)]) {
      const start = commentStart(instruction, dockerfile.source.text);
      if (start === undefined) continue;
      yield {
        at: { start, end: instruction.span.end },
        message: `this is no comment: ${instruction.keyword} takes it for arguments`,
        help: 'put it on a line of its own',
      };
    }
  },
});

function commentStart(instruction: Instruction, text: string): number | undefined {
  switch (instruction.keyword) {
    case 'ARG':
      return firstHash(instruction.pairs.map(({ span, key }) => ({ ...key, span })));
    case 'COPY':
    case 'ADD':
      if (instruction.form === 'exec' || !instruction.target) return undefined;
      return firstHash([...instruction.sources.slice(1), instruction.target]);
    case 'EXPOSE':
    case 'VOLUME':
      return instruction.form === 'exec' ? undefined : firstHash(instruction.words.slice(1));
    case 'USER':
    case 'WORKDIR':
    case 'STOPSIGNAL':
      return hashWithin(instruction.words[0], text);
    case 'ENV':
    case 'LABEL':
      return instruction.equals ? undefined : hashWithin(instruction.pairs[0]?.value, text);
    default:
      return undefined;
  }
}

function firstHash(words: readonly Word[]): number | undefined {
  return words.find(({ raw }) => raw.startsWith('#'))?.span.start;
}

/** In a word that is the rest of the line: a `#` behind a blank, outside quotes. */
function hashWithin(word: Word | undefined, text: string): number | undefined {
  if (!word || /["']/.test(word.raw)) return undefined;
  const match = /[ \t]#/.exec(text.slice(word.span.start, word.span.end));
  return match ? word.span.start + match.index + 1 : undefined;
}
