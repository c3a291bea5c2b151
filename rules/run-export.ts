import {
  type Command,
  cover,
  defineRule,
  type Edit,
  quoted,
  replace,
  type ShellWord,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'run-export',
  category: 'correctness',
  severity: 'warning',
  summary: 'a variable set at the end of a RUN, which is lost',
  why: 'Every step starts a shell of its own. What `export`, an assignment, `alias` or an activated environment changes is gone when the RUN ends, so with nothing behind it the line does nothing at all.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «export DEBIAN_FRONTEND=noninteractive»\nRUN apt-get update\n',
      good: 'FROM debian:13\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get update\n',
    },
    {
      bad: 'FROM debian:13\nRUN «export PATH="$PATH:/opt/my app" B=\'c\'»\nCMD ["x"]\n',
      good: 'FROM debian:13\nENV PATH="$PATH:/opt/my app" B=\'c\'\nCMD ["x"]\n',
    },
    { bad: 'FROM debian:13\nRUN «export WORKERS=$((1*$(nproc)))»\nRUN make && «export A=$B»\nRUN «export C=$X»\n' },
    { bad: 'FROM debian:13\nRUN if true; then «export A=1»; else «export A=2»; fi\n' },
    { bad: 'FROM debian:13\nRUN a; «A=1»; «export A»; true\nRUN «declare -x A=1»\n' },
    { bad: 'FROM debian:13\nRUN «alias ll=ls»\nRUN «umask 022»\nRUN «ulimit -n 1024»\n' },
    {
      bad: 'FROM debian:13\nRUN python3 -m venv /v && «. /v/bin/activate»\nRUN «source ~/.bashrc»\nRUN «conda activate base»\n',
    },
    { bad: 'FROM debian:13\nRUN <<EOF\nmake\n«export A=1»\nEOF\n' },
    { good: 'FROM debian:13\nRUN export A=1 && make\n' },
    {
      good: 'FROM debian:13\nRUN A=1 make; (export A=1); A=$(make install)\n',
      note: 'A command runs in the assignment.',
    },
    { good: 'FROM debian:13\nRUN umask 077; make; umask 022; unset A\nRUN export A=1; make; unset A\nRUN export -p\n' },
    { good: 'FROM debian:13\nRUN echo "export A=1" >> ~/.bashrc\nRUN . ./install.sh\nRUN . /etc/os-release\n' },
    { good: 'FROM debian:13\nRUN [ -f /a ] || export A=1; make\nCMD export A=1\n' },
    { good: 'FROM debian:13\nRUN ["export", "A=1"]\nRUN umask > /a\n' },
    {
      bad: 'FROM debian:13\nRUN --network=none «export A=1»\nRUN «export A=~/x»\nRUN «export A=\\\\x»\nRUN «export A=b:~/c»\nRUN «export A»\nRUN <<EOF\n«export A=1»\nEOF\n',
      note: 'ENV would mean something else.',
    },
    { bad: 'FROM debian:13\nENV B=1\nRUN «export A=$B»\n', good: 'FROM debian:13\nENV B=1\nENV A=$B\n' },
    {
      bad: 'FROM debian:13\nRUN for i in 1 2; do «export A=1»; done\nRUN if a; then «export A=1»; elif b; then «export A=2»; fi; :\n',
    },
    { good: 'FROM debian:13\nRUN a | export A=1\nRUN export A=1 > /b\nRUN ulimit -a\nRUN umask\n' },
    { bad: 'FROM debian:13\nRUN { «export A=1»; }\n' },
    { good: 'FROM debian:13\nRUN (export A=1) && export A=1 > x\n' },
    { good: 'FROM debian:13\nRUN export A=1 > x\n' },
    {
      bad: 'FROM debian:13\nENV B=1\nRUN «export A=$B PATH=$PATH:/x»\n',
      good: 'FROM debian:13\nENV B=1\nENV A=$B PATH=$PATH:/x\n',
    },
    { bad: 'FROM debian:13\nRUN «export A=1 B=$X»\n' },
    { bad: 'FROM debian:13\nRUN --network=none «export A=1»\n' },
    { good: 'FROM debian:13\nRUN A=1 B=$(x)\n' },
    { good: 'FROM debian:13\nRUN nvm install 18\n' },
    { good: 'FROM debian:13\nRUN ulimit -n\n' },
    { good: 'FROM debian:13\nRUN ls | export A=1\n' },
    { bad: 'FROM debian:13\nRUN <<EOF\n«export A=1»\nEOF\n' },
    { bad: 'FROM debian:13\nRUN «export A=1 B="${A%x}" C=$((1+1))»\n' },
  ],
  *check({ steps, dockerfile: { source } }) {
    for (const step of steps) {
      if (step.instruction.keyword !== 'RUN') continue;
      for (const command of lost(step.commands)) {
        const edit = environment(command, step, source.text);
        const [first, ...words] = command.words;
        yield {
          at: first ? cover(first, ...words) : command.span,
          message: `${nameOf(command)} ends with its RUN: no later step sees it`,
          help: isVariable(command.name)
            ? 'use ENV, or write it before the command that needs it'
            : 'write it before the command that needs it, in the same RUN',
          ...(edit ? { fix: { title: 'Write ENV', safe: false, edits: [edit] } } : {}),
        };
      }
    }
  },
});

/** The commands behind the last one that does something. */
function lost(commands: readonly Command[]): readonly Command[] {
  const found: Command[] = [];
  const own = commands.filter(({ nesting }) => !nesting.includes('substitution') && !nesting.includes('condition'));
  for (const command of own.toReversed()) {
    if (command.name === 'true' || command.name === ':') continue;
    if (!isOwn(command) || !isLost(command, commands)) break;
    found.push(command);
  }
  return found.toReversed();
}

/** It changes the script's own shell. */
function isOwn({ nesting, exec, pipeline, redirects }: Command): boolean {
  const isInside = nesting.every((each) => each === 'group' || each === 'branch' || each === 'loop');
  return isInside && !exec && pipeline.length === 1 && redirects.length === 0;
}

/** What it does is all in the shell that runs it. */
function isLost(command: Command, all: readonly Command[]): boolean {
  const { name, words, assignments } = command;
  const argument = words[1]?.text ?? '';
  switch (name) {
    case '':
      return (
        assignments.length > 0 &&
        !assignments.some(({ value }) => value?.expansions.some(({ kind }) => kind === 'command'))
      );
    case 'export':
    case 'declare':
    case 'typeset':
      return words.slice(1).some(({ text }) => !text.startsWith('-'));
    case 'alias':
      return argument.includes('=');
    case 'umask':
    case 'ulimit':
      return all.length === 1 && /^\d+$/.test(words.at(-1)?.text ?? '');
    case '.':
    case 'source':
      return /(^|\/)(activate|\.(bashrc|bash_profile|profile|zshrc))$/.test(argument);
    case 'conda':
    case 'mamba':
    case 'micromamba':
      return argument === 'activate';
    case 'nvm':
      return argument === 'use';
  }
  return false;
}

function isVariable(name: string): boolean {
  return /^(|export|declare|typeset)$/.test(name);
}

function nameOf({ name, words, assignments }: Command): string {
  if (name === '') return quoted(`${assignments[0]?.name}=…`);
  const shown = words.find(({ text }, i) => i > 0 && !text.startsWith('-'))?.text ?? '';
  return quoted(`${name} ${isVariable(name) ? shown.replace(/=.*/s, '') : shown}`.trimEnd());
}

/** `ENV …` in place of a RUN that only exports, when ENV gives the words the same meaning. */
function environment(command: Command, step: Step, text: string): Edit | undefined {
  const { instruction, commands } = step;
  const [first, ...others] = command.words.slice(1);
  if (
    command.name !== 'export' ||
    commands.length > 1 ||
    command.nesting.length > 0 ||
    instruction.flags.length > 0 ||
    !first
  )
    return undefined;
  if ('heredocs' in instruction && instruction.heredocs.length > 0) return undefined;
  if (![first, ...others].every((word) => isEnvWord(word, step))) return undefined;
  const { start, end } = cover(first, ...others);
  return replace(instruction, `ENV ${text.slice(start, end)}`);
}

function isEnvWord({ raw, expansions }: ShellWord, { env }: Step): boolean {
  if (!/^[A-Za-z_]\w*=(?!~)[^\\`]*$/.test(raw) || /:~/.test(raw)) return false;
  return expansions.every(({ kind, name = '' }) => kind === 'variable' && (name === 'PATH' || env.has(name)));
}
