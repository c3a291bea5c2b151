import { defineRule, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'consecutive-run',
  aliases: ['DL3059'],
  category: 'size',
  severity: 'off',
  presets: { strict: 'off', hadolint: 'info' },
  summary: 'RUN instructions that could be one',
  why: 'Every RUN makes a layer, and what one of them writes and the next removes stays in the image. Several small ones may be better for the build cache, though, so the rule is off unless asked for.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN make\n«RUN» make install\n# a comment\n«RUN» make clean\n',
      good: 'FROM debian:13\nRUN make && make install && make clean\n',
    },
    { bad: 'FROM debian:13\nRUN --network=none make\n«RUN» --network=none ["make", "install"]\n' },
    { good: 'FROM debian:13\nRUN make\nWORKDIR /x\nRUN make install\n' },
    { good: 'FROM debian:13\nRUN make\nRUN --network=none make install\n' },
    { good: 'FROM debian:13\nRUN a && b && c\nRUN d\nRUN e; f; g\n' },
    { good: 'FROM debian:13\nRUN make\nONBUILD RUN make\nRUN make\n' },
    { good: 'FROM debian:13\nRUN make\nFROM debian:13\nRUN make\n' },
    {
      bad: 'FROM debian:13\nRUN bash -lc "a && b"\n«RUN» sudo bash -c "c; d" > x\n',
      note: 'One command for the shell.',
    },
    { bad: 'FROM debian:13\nSHELL ["pwsh", "-c"]\nRUN a\n«RUN» b "c; d | e"\n' },
    { good: 'FROM debian:13\nSHELL ["pwsh", "-c"]\nRUN a; b\nRUN c\nRUN d | e\nRUN "f" ; g\n' },
    { good: 'FROM debian:13\nRUN a && b\nRUN c\nRUN d | e\n', note: 'Several commands belong together on purpose.' },
    {
      bad: 'FROM debian:13\nSHELL ["cmd", "/S", "/C"]\nRUN a\n«RUN» powershell b; c\n«RUN» ["d"]\nRUN e & f\nRUN g\n',
    },
    { good: 'FROM debian:13\nSHELL ["python3", "-c"]\nRUN print(1)\nRUN print(2)\n' },
    { bad: "FROM debian:13\nRUN sh -c 'a; b'\n«RUN» find / -exec ls {} +\n" },
    { bad: 'FROM debian:13\nRUN ["a"]\n«RUN» ["b"]\n' },
  ],
  *check({ stages, dockerfile: { source } }) {
    const flagsOf = ({ instruction }: Step): string => {
      return instruction.flags.map(({ span }) => source.text.slice(span.start, span.end)).join(' ');
    };
    for (const { steps } of stages) {
      for (const [i, step] of steps.entries()) {
        const before = steps[i - 1];
        if (!before || !isSmall(before) || !isSmall(step) || flagsOf(before) !== flagsOf(step)) continue;
        yield {
          at: step.instruction.keywordSpan,
          message: 'this RUN could be one with the RUN before',
          help: 'join them with &&',
        };
      }
    }
  },
});

/** One command: a longer RUN has been put together on purpose. */
function isSmall({ instruction, deferred, commands, shell }: Step): boolean {
  if (instruction.keyword !== 'RUN' || deferred) return false;
  if (instruction.form === 'exec') return true;
  const separators = windowsSeparators.get(shell.dialect);
  if (separators) return !separators.test((instruction.script?.text ?? '').replace(/"[^"]*"|'[^']*'/g, ''));
  return commands.filter(({ nesting }) => !nesting.includes('script') && !nesting.includes('find')).length === 1;
}

/** In cmd `;` is a blank. */
const windowsSeparators: ReadonlyMap<string, RegExp> = new Map([
  ['powershell', /[;&|\n]/],
  ['cmd', /[&|\n]/],
]);
