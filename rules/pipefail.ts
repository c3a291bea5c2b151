import {
  type Command,
  defineRule,
  type Edit,
  insertInstruction,
  type Problem,
  quoted,
  type Stage,
  type Step,
  statusCounts,
  systemOf,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'pipefail',
  aliases: ['DL4006'],
  category: 'correctness',
  mentions: ['|'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'a pipe whose first failure is lost',
  why: 'The status of a pipe is that of its last command. When a download in front of it fails, the step still succeeds, and a broken image goes out. With `pipefail` the build stops.',
  examples: [
    {
      bad: 'FROM debian:13\n# a\nRUN «wget» -O - https://localhost/a | wc -l\nRUN «curl» b | sh\nCMD ["a"]\n',
      good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n# a\nRUN wget -O - https://localhost/a | wc -l\nRUN curl b | sh\nCMD ["a"]\n',
      note: 'One SHELL for the whole stage.',
    },
    {
      bad: 'FROM python:3-alpine AS a\nRUN «curl» localhost | tar x && curl b | tar x\nFROM a\nRUN «curl» c | sh\n',
      good: 'FROM python:3-alpine AS a\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN curl localhost | tar x && curl b | tar x\nFROM a\nRUN curl c | sh\n',
    },
    { bad: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN «a» | b | c\n', note: 'Set where SHELL is, or in the RUN.' },
    { bad: 'FROM x:1\nRUN «a» | b\n', note: 'Which shells the image has is not known: no fix.' },
    { bad: 'FROM debian:13\nONBUILD RUN echo x | «a» | b\nONBUILD RUN set -o pipefail; set +o pipefail; «c» | d\n' },
    { bad: 'FROM debian:13\nRUN bash -c "«a» | b"\nRUN <<EOF\n«a» | b\nEOF\n', note: 'A shell of its own: no fix.' },
    { bad: 'FROM x:1\nRUN A=$(«curl» localhost | jq .)\nRUN A=$(B=$(«a» | b); c)\n' },
    { bad: 'FROM x:1\nRUN { a; «b»; } | c\nRUN if a; then «b» | c; fi\nRUN (echo; «a») | b\n' },
    {
      bad: 'FROM x:1\nRUN «a» | b || exit 1\nRUN «"cat"» a | b\nRUN echo | «a» | while read b; do c; done\nRUN «a» | grep b | sha256sum\n',
    },
    {
      good: 'FROM x:1\nRUN set -eo pipefail && a | b\nRUN bash -o pipefail -c "a | b"\nRUN (set -o pipefail; a | b)\n',
    },
    { good: 'FROM x:1 AS base\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nENV A=1\nFROM base\nRUN a | b\n' },
    { good: 'FROM x:1\nRUN <<EOF\n#!/bin/bash\nset -xeuo pipefail\na | b\nEOF\n' },
    { good: 'FROM x:1\nRUN echo x | a; printf x | a; yes | a; echo a | echo b | c; cat <<X | a\nX\n' },
    { good: 'FROM x:1\nRUN (echo x; echo y) | a; while true; do echo x; done | b\n' },
    { good: 'FROM x:1\nRUN if a | grep -q b; then c; fi; a | b || true; ! a | b; a | b && c || :\n' },
    {
      good: 'FROM x:1\nRUN echo $(a | b) && tar xf $(a | b) && export A=$(a | b) && A=$(a | b) c; A=$(a | b) || true\n',
    },
    {
      good: 'FROM x:1\nRUN grep x SUMS | sha256sum -c - && a | md5sum --check && b | grep -qF c\n',
      note: 'These fail on what is missing.',
    },
    { good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir | find "a"\n' },
    { good: 'FROM x:1\nSHELL ["pwsh", "-c"]\nRUN a | b\n' },
    {
      good: 'FROM x:1\nRUN a | b; test ${PIPESTATUS[0]} = 0\nRUN a || b; echo "a | b"\nCMD a | b\nRUN ["a", "|", "b"]\n',
    },
    { bad: 'FROM x:1\nRUN «sha256sum» -c a | tee b\nRUN «a» | grep b\n' },
    { good: 'FROM x:1\nRUN (if a; then echo x; fi) | b\nRUN if a | b; then c; fi\n' },
    {
      bad: 'FROM fedora:42\nRUN «a» | b\nCMD ["a"]\n',
      good: 'FROM fedora:42\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\nCMD ["a"]\n',
    },
    {
      bad: 'FROM debian:13\nRUN «curl» https://a.io/x | mytool -q y\n',
      good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl https://a.io/x | mytool -q y\n',
    },
    { good: 'FROM debian:13\nRUN cat <<EOF | sh\nx\nEOF\n' },
    {
      bad: 'FROM debian:13\nRUN { make; «curl» a; } | tar x\n',
      good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN { make; curl a; } | tar x\n',
    },
    {
      bad: 'FROM debian:13 AS a\nRUN «curl» a | tar x\nFROM a\nRUN «curl» b | tar x\nFROM debian:13\nRUN «curl» c | tar x\n',
      good: 'FROM debian:13 AS a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl a | tar x\nFROM a\nRUN curl b | tar x\nFROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl c | tar x\n',
    },
    {
      bad: 'FROM debian:13\nRUN «curl» a | tar x | sh\n',
      good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl a | tar x | sh\n',
    },
    { good: 'FROM debian:13\nRUN if curl a | tar x; then ls; fi\n' },
    {
      good: 'FROM x:1\nRUN (curl a || true) | tar x; { curl a || :; } | tar x; (a; echo b) | c; (a && b || true; echo) | c\n',
      note: 'The brackets never fail.',
    },
    { good: 'FROM x:1\nRUN echo a | tr b c | sort | while read d; do e; done\n' },
    { bad: 'FROM x:1\nRUN «tr» a b <c | d\nRUN echo a | «sed» b | d\n' },
    { bad: 'FROM x:1\nRUN («a» && echo b) | c\nRUN set -e; («a»; echo b) | c\n' },
  ],
  deviations: [
    {
      code: 'DL4006',
      what: 'knows `set -o pipefail`, SHELL of earlier stages, any shell, and heredocs',
      why: 'there the failure is not lost',
    },
    {
      code: 'DL4006',
      what: 'silent when nothing in front of the last pipe can fail (echo, printf, yes, tr and sort of what echo prints …)',
      why: 'nothing is lost',
    },
    {
      code: 'DL4006',
      what: 'silent in conditions, before `|| true`, and in substitutions whose status does not count',
      why: 'pipefail would change nothing, or break it',
    },
    {
      code: 'DL4006',
      what: 'silent when a checksum is verified or `grep -q` is the end of the pipe',
      why: 'they fail on what is missing',
    },
  ],
  *check({ stages, dockerfile }) {
    // One SHELL mends the rest of the stage, and the stages that start from it.
    const mended = new Set<Stage>();
    for (const stage of stages) {
      if (stage.base.kind === 'stage' && mended.has(stage.base.stage)) mended.add(stage);
      for (const step of stage.steps) {
        const command = step.instruction.keyword === 'RUN' ? lostIn(step) : undefined;
        if (!command) continue;
        const shell = isMendable(command, step) ? shellFor(step) : undefined;
        const edit = shell && !mended.has(stage) && insertInstruction(dockerfile, step.instruction, shell);
        if (edit) mended.add(stage);
        yield problem(command, shell, edit || undefined);
      }
    }
  },
});

function problem({ words, span }: Command, shell: string | undefined, edit: Edit | undefined): Problem {
  const [word] = words;
  return {
    at: word?.span ?? span,
    message: `the status of ${quoted(word?.text ?? '')} is lost in the pipe`,
    help: shell ? `put ${shell} before the RUN` : 'put set -o pipefail before the pipe, or -o pipefail into SHELL',
    ...(edit ? { fix: { title: 'Set pipefail for the stage', safe: false, edits: [edit] } } : {}),
  };
}

/** The first command of a step whose failure a pipe hides. */
function lostIn({ commands, script }: Step): Command | undefined {
  if (script?.text?.text.includes('PIPESTATUS')) return undefined;
  const counts = statusCounts(commands);
  const judged = new Set(commands.filter(isJudge).map(({ pipeline }) => pipeline.id));
  const seen = new Map<number, number>();
  for (const [index, command] of commands.entries()) {
    const { pipeline, pipefail } = command;
    const next = (seen.get(pipeline.id) ?? -1) + 1;
    seen.set(pipeline.id, pipeline.position);
    if (pipeline.length === 1 || pipefail || judged.has(pipeline.id) || !counts(command)) continue;
    // A gap in the positions is a compound command: `{ a; b; } | c`.
    const inside = pipeline.position > next ? lastInside(index, commands, counts) : undefined;
    if (inside) return inside;
    if (pipeline.position < pipeline.length - 1 && canFail(command)) return command;
  }
  return undefined;
}

/** The command of the compound command in front of one that gives it its status, if that one can fail. */
function lastInside(
  index: number,
  commands: readonly Command[],
  counts: (command: Command) => boolean,
): Command | undefined {
  const depth = commands[index]?.nesting.length ?? 0;
  for (let i = index - 1; i >= 0; i--) {
    const command = commands[i] as Command;
    if (command.nesting.length <= depth) return undefined;
    const kind = command.nesting.at(-1);
    if (kind === 'substitution' || kind === 'condition') continue;
    if (canFail(command) && counts(command)) return command;
    // What stands before it is only carried on by `&&`, or by `set -e`.
    if (command.before !== '&&' && command.before !== '|' && !command.errexit) return undefined;
  }
  return undefined;
}

/** The end of a pipe that fails when it does not get what it should, and whose own status is what matters. */
function isJudge({ name, words, pipeline }: Command): boolean {
  if (pipeline.position < pipeline.length - 1) return false;
  const options = words.slice(1).map(({ text }) => text);
  if (/^(sha\d+sum|shasum|md5sum|b2sum|cksum)$/.test(name))
    return options.some((text) => /^(-\w*c|--check)/.test(text));
  return name === 'grep' && options.some((text) => /^(-\w*q|--quiet)/.test(text));
}

const infallible: ReadonlySet<string> = new Set([
  '',
  'echo',
  'printf',
  'yes',
  'true',
  ':',
  'date',
  'uname',
  'pwd',
  'nproc',
  'id',
  'whoami',
  'hostname',
  'env',
]);

/** Filters that only ever pass on what they get. */
const filters: ReadonlySet<string> = new Set(['tr', 'sort', 'uniq', 'cut', 'head', 'tail', 'tac', 'rev', 'nl', 'wc']);

/** Whether a failure of the command is worth knowing about. */
function canFail({ name, redirects, pipeline }: Command): boolean {
  if (pipeline.position > 0 && filters.has(name)) return false;
  if (name === 'cat') return !redirects.some(({ operator }) => operator.startsWith('<<'));
  return !infallible.has(name);
}

/** SHELL can mend it: the step runs below the default shell, and not in a script with a shell of its own. */
function isMendable({ nesting }: Command, { deferred, shell, instruction }: Step): boolean {
  const hasHeredoc = instruction.keyword === 'RUN' && instruction.heredocs.length > 0;
  return !deferred && !shell.isSet && !hasHeredoc && !nesting.includes('script');
}

function shellFor({ stage }: Step): string | undefined {
  const system = systemOf(stage.root);
  if (system === 'alpine') return 'SHELL ["/bin/ash", "-o", "pipefail", "-c"]';
  return system === 'debian' || system === 'redhat' ? 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]' : undefined;
}
