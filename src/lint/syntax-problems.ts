import type { Span } from '../report/finding.ts';
import { expandWord } from './expand.ts';
import { flagProblems } from './flag-problems.ts';
import { readHeredocWord } from './heredoc.ts';
import { quoted } from './message.ts';
import type {
  Copy,
  Dockerfile,
  From,
  Heredoc,
  Instruction,
  Onbuild,
  Pairs,
  Plain,
  Run,
  SyntaxProblem,
  SyntaxProblemCode,
  Word,
} from './syntax.ts';

/** What BuildKit (`frontend/dockerfile/instructions`) would refuse in one instruction. Unknown ones: see `fileProblems`. */
export function instructionProblems(instruction: Instruction, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  const problems = argumentProblems(instruction, escapeChar);
  if (instruction.flags.length > 0) problems.push(...flagProblems(instruction));
  if ('heredocs' in instruction && instruction.heredocs.length > 0)
    problems.push(...heredocProblems(instruction.heredocs));
  return problems;
}

function argumentProblems(instruction: Instruction, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  switch (instruction.keyword) {
    case 'FROM':
      return fromProblems(instruction, escapeChar);
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
    case 'HEALTHCHECK':
      return runProblems(instruction);
    case 'COPY':
    case 'ADD':
      return copyProblems(instruction, escapeChar);
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return pairProblems(instruction, escapeChar);
    case 'ONBUILD':
      return onbuildProblems(instruction, escapeChar);
    case 'UNKNOWN':
      return [];
    default:
      return plainProblems(instruction, escapeChar);
  }
}

export function problem(code: SyntaxProblemCode, span: Span, message: string, help: string): SyntaxProblem {
  return { code, span, message, help };
}

function missing({ keyword, keywordSpan }: Instruction, what: string, example: string): SyntaxProblem {
  return problem('missing-argument', keywordSpan, `${keyword} needs ${what}`, `Write ${keyword} ${example}`);
}

function fromProblems(from: From, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  if (!from.image) return [missing(from, 'an image', 'alpine:3.22')];
  const problems = wordProblems([from.image], escapeChar);
  if (from.as && !from.name) {
    problems.push(
      problem('missing-argument', from.as, 'AS needs a name for the stage', 'Write the name, or remove AS'),
    );
  }
  if (from.name && !/^[a-z][a-z0-9_.-]*$/i.test(from.name.raw)) {
    const message = `A stage cannot be named ${quoted(from.name.raw)}`;
    const help = 'Begin with a letter; then letters, digits, `-`, `_` and `.`';
    problems.push(problem('invalid-argument', from.name.span, message, help));
  }
  return problems;
}

function runProblems(run: Run): SyntaxProblem[] {
  const isEmpty = !run.script && run.words.length === 0;
  switch (run.keyword) {
    case 'RUN':
      return isEmpty && run.form === 'shell' ? [missing(run, 'a command', 'apk add curl')] : [];
    case 'CMD':
      return isEmpty && run.form === 'shell' ? [missing(run, 'a command', '["nginx"]')] : [];
    case 'SHELL':
      return shellProblems(run, isEmpty);
    case 'HEALTHCHECK':
      return healthcheckProblems(run, isEmpty);
    default:
      return [];
  }
}

function shellProblems(run: Run, isEmpty: boolean): SyntaxProblem[] {
  const example = '["/bin/bash", "-c"]';
  if (isEmpty) return [missing(run, 'a shell', example)];
  if (run.form === 'exec') return [];
  const message = 'SHELL takes nothing but a JSON array of strings';
  return [problem('invalid-argument', run.span, message, `Write SHELL ${example}`)];
}

function healthcheckProblems(run: Run, isEmpty: boolean): SyntaxProblem[] {
  if (!run.type) return [missing(run, 'CMD with a command, or NONE', 'CMD curl --fail http://localhost/')];
  const type = run.type.raw.toUpperCase();
  if (type === 'NONE') {
    if (isEmpty) return [];
    const span = { start: run.type.span.end, end: run.span.end };
    return [problem('extra-argument', span, 'HEALTHCHECK NONE takes no arguments', 'Remove what stands behind NONE')];
  }
  if (type !== 'CMD') {
    const message = `HEALTHCHECK takes CMD or NONE, not ${quoted(run.type.raw)}`;
    return [problem('invalid-argument', run.type.span, message, 'Write CMD before the command')];
  }
  if (!isEmpty) return [];
  return [
    problem('missing-argument', run.type.span, 'HEALTHCHECK CMD needs a command', 'Write the command behind CMD'),
  ];
}

function copyProblems(copy: Copy, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  const { keyword, sources, target } = copy;
  if (!target) {
    const what = sources.length === 0 ? 'a source and a destination' : 'a destination';
    return [missing(copy, what, `${sources[0]?.raw ?? '.'} /app/`)];
  }
  if (copy.form === 'shell' && readHeredocWord(target.raw)) {
    const message = `A heredoc cannot be the destination of ${keyword}`;
    return [problem('invalid-argument', target.span, message, 'Write the path of the file behind it')];
  }
  return wordProblems([...sources, target], escapeChar);
}

function pairProblems(pairs: Pairs, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  const { keyword } = pairs;
  if (pairs.pairs.length === 0) {
    return [
      keyword === 'ARG' ? missing(pairs, 'a name', 'VERSION=1.0') : missing(pairs, 'a name and a value', 'name=value'),
    ];
  }
  const problems: SyntaxProblem[] = [];
  for (const { span, key, value } of pairs.pairs) {
    if (key.raw === '') {
      problems.push(
        problem('invalid-argument', span, `${keyword} has a value without a name`, 'Write the name before the ='),
      );
    } else if (!value && keyword !== 'ARG') problems.push(noValue(pairs, key));
    problems.push(...wordProblems(value ? [key, value] : [key], escapeChar));
  }
  return problems;
}

function noValue({ keyword, equals }: Pairs, key: Word): SyntaxProblem {
  const name = quoted(key.raw);
  if (!equals)
    return problem('missing-argument', key.span, `${keyword} gives ${name} no value`, `Write ${key.raw}=value`);
  const help = 'Every word is a pair once the first is; put a value that holds spaces in quotes';
  return problem('invalid-argument', key.span, `${keyword} takes name=value, and ${name} has no =`, help);
}

function onbuildProblems(onbuild: Onbuild, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  const { instruction } = onbuild;
  if (!instruction) return [missing(onbuild, 'an instruction', 'COPY . /app')];
  const { keyword, keywordSpan } = instruction;
  if (keyword === 'ONBUILD' || keyword === 'FROM' || keyword === 'MAINTAINER') {
    const help = keyword === 'ONBUILD' ? 'Write ONBUILD once' : `Remove ONBUILD, or the ${keyword}`;
    return [problem('invalid-onbuild', keywordSpan, `${keyword} cannot stand behind ONBUILD`, help)];
  }
  return instructionProblems(instruction, escapeChar);
}

const plainNeeds: Partial<Record<Plain['keyword'], readonly [what: string, example: string]>> = {
  EXPOSE: ['a port', '8080'],
  USER: ['a user', 'app'],
  VOLUME: ['a path', '/data'],
  WORKDIR: ['a path', '/app'],
  STOPSIGNAL: ['a signal', 'SIGTERM'],
  MAINTAINER: ['a name', 'name'],
};

function plainProblems(plain: Plain, escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  const needs = plainNeeds[plain.keyword];
  if (plain.words.length === 0) return needs ? [missing(plain, ...needs)] : [];
  if (plain.keyword === 'MAINTAINER') return [];
  const problems = wordProblems(plain.words, escapeChar);
  for (const { text, span } of plain.keyword === 'VOLUME' ? plain.words : []) {
    if (text === '') problems.push(problem('invalid-argument', span, 'A volume needs a path', 'Remove the empty one'));
  }
  return problems;
}

/** Quotes and substitutions that BuildKit could not make anything of, whatever the variables hold. */
function wordProblems(words: readonly Word[], escapeChar: Dockerfile['escape']): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  for (const { raw, span } of words) {
    if (!/['"$]/.test(raw)) continue;
    const { error } = expandWord(raw, noVariables, { escape: escapeChar });
    if (!error || error.kind === 'required-variable') continue;
    const open = error.kind === 'unterminated-quote';
    const help = open
      ? `Close the quote, or escape it: ${escapeChar}' or ${escapeChar}"`
      : `To mean the dollar sign itself, write ${escapeChar}$`;
    problems.push(
      problem(open ? 'unterminated-quote' : 'invalid-argument', span, `In ${quoted(raw)} ${error.message}`, help),
    );
  }
  return problems;
}

const noVariables = new Map<string, string>();

function heredocProblems(heredocs: readonly Heredoc[]): SyntaxProblem[] {
  const open = heredocs.find(({ terminator }) => !terminator);
  if (!open) return [];
  const help = `End it with a line that is exactly ${open.name}${open.chomp ? ', tabs before it aside' : ''}`;
  return [problem('unterminated-heredoc', open.span, `The heredoc ${quoted(open.name)} never ends`, help)];
}

/** One per instruction, on the first of its blank lines; BuildKit warns. */
export function emptyContinuation(blanks: readonly Span[]): SyntaxProblem[] {
  const [first] = blanks;
  if (!first) return [];
  const help = 'Remove it, or make it a comment line: BuildKit will refuse this in a later version';
  return [problem('empty-continuation', first, 'A blank line stands inside an instruction', help)];
}
