import { type Command, defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'run-cd',
  aliases: ['DL3003'],
  category: 'style',
  mentions: ['cd'],
  severity: 'off',
  presets: { strict: 'style', hadolint: 'warning' },
  summary: 'cd in a RUN where WORKDIR would do',
  why: 'A `cd` lasts until its RUN ends, so every later step has to repeat it. WORKDIR says it once, creates the folder, and shows in the image where it is.',
  examples: [
    { bad: 'FROM alpine:3\nRUN «cd» /app && make\n', good: 'FROM alpine:3\nWORKDIR /app\nRUN make\n' },
    { bad: 'FROM alpine:3\nRUN git clone x && { «cd» x; make; } && cd .. && rm -r x\n', note: 'Once for each RUN.' },
    { bad: "FROM alpine:3\nRUN bash -c '«cd» /app && make'\nRUN if true; then «cd» /b; fi; make\n" },
    { bad: 'FROM alpine:3\nRUN <<EOF\n«cd» /app\nmake\nEOF\n' },
    { bad: 'FROM alpine:3\nRUN (git clone x && «cd» x && make)\n', note: 'A subshell that is all of the RUN.' },
    { good: 'FROM alpine:3\nRUN (cd /app && make); (cd /b && make)\n' },
    { good: 'FROM alpine:3\nRUN (cd /app && make) && make\n', note: 'A subshell, and the RUN goes on elsewhere.' },
    { good: 'FROM alpine:3\nRUN dir=$(cd /app && pwd) && make -C $dir; f() { cd /a; b; }; f\n' },
    { good: 'FROM alpine:3\nRUN echo cd /app && make -C /app\nCMD cd /app && serve\n' },
    { good: 'FROM alpine:3\nRUN cd /app\n', note: 'Rule lost-cd tells of this.' },
    { good: 'FROM alpine:3\nRUN ["cd", "/app"]\n', note: 'Rule exec-form-shell-syntax tells of this.' },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN mkdir x && «cd» /d x && dir\nSHELL ["powershell", "-Command"]\nRUN «Set-Location» src; git pull\nRUN if ($x) { git pull }; cd src\n',
    },
  ],
  deviations: [
    {
      code: 'DL3003',
      what: 'silent in subshells that are not all of the RUN, and in substitutions',
      why: 'the rest of the RUN runs elsewhere, which WORKDIR cannot say',
    },
    { code: 'DL3003', what: 'a `cd` at the end of a RUN is `lost-cd`', why: 'it is an error, not a matter of taste' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      if (step.instruction.keyword !== 'RUN') continue;
      const { windows = [] } = step.script ?? {};
      const commands = windows.length > 0 ? windows : step.commands;
      const inside = isOneSubshell(commands) ? 1 : 0;
      const command = commands.find((each) => isLasting(each, inside));
      const word = command?.words[0];
      if (!word || command === commands.at(-1)) continue;
      yield {
        at: word.span,
        message: `cd to ${folder(command)} for the length of one RUN`,
        help: 'put a WORKDIR before the RUN',
      };
    }
  },
});

/** The rest of the script stands in the folder, too. */
function isLasting({ name, nesting, exec }: Command, inside: number): boolean {
  return (
    name === 'cd' &&
    !exec &&
    !nesting.slice(inside).some((each) => each === 'subshell' || each === 'substitution' || each === 'function')
  );
}

/** `RUN (a && b)`: one list in brackets, with nothing beside it. */
function isOneSubshell(commands: readonly Command[]): boolean {
  const starts = commands.filter(({ before, nesting }) => before === 'start' && nesting.length === 1);
  return starts.length === 1 && commands.every(({ nesting }) => nesting[0] === 'subshell');
}

function folder({ words }: Command): string {
  return (
    words
      .slice(1)
      .find(({ text }) => !/^(-.|\/d$)/i.test(text))
      ?.text.slice(0, 60) ?? '~'
  );
}
