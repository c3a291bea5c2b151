import { type Command, cover, defineRule, option, type Pair, pip, type Span, type Step, uv } from '../src/lint/rule.ts';

export default defineRule({
  id: 'pip-extra-index',
  category: 'security',
  mentions: ['extra-index', 'extra_index'],
  severity: 'info',
  summary: 'pip looks for packages in several indexes',
  why: 'pip takes the highest version from whichever index has it; the order means nothing. If an internal package has a name that is free on PyPI, anybody can upload a higher version there, and the build installs that one (dependency confusion).',
  examples: [
    {
      bad: 'FROM python:3.13\nRUN pip install «--extra-index-url https://pypi.corp.example/simple» corp==1.2\n',
      good: 'FROM python:3.13\nRUN pip install --index-url https://pypi.corp.example/simple corp==1.2\n',
    },
    { bad: 'FROM python:3.13\nRUN python3 -m pip wheel «--extra-index-url=$INDEX» -r r.txt\n' },
    { bad: 'FROM python:3.13\nRUN ["pip", "install", «"--extra-index-url", "https://a.example"», "corp"]\n' },
    { bad: 'FROM python:3.13\nENV A=b «PIP_EXTRA_INDEX_URL»=https://a.example\n' },
    { bad: 'FROM python:3.13\nARG «PIP_EXTRA_INDEX_URL»\nRUN pip install corp\n' },
    { bad: 'FROM python:3.13\nRUN «PIP_EXTRA_INDEX_URL=https://a.example» pip install corp\n' },
    { bad: 'FROM python:3.13\nRUN pip config set «global.extra-index-url» https://a.example\n' },
    {
      bad: 'FROM python:3.13\nRUN uv pip install --index-strategy unsafe-best-match «--extra-index-url https://a.example» corp\n',
    },
    {
      good: 'FROM python:3.13\nRUN uv pip install --extra-index-url https://a.example corp\n',
      note: 'uv asks one index after the other, unless told otherwise.',
    },
    { good: 'FROM python:3.13\nRUN pip install --require-hashes --extra-index-url https://a.example -r r.txt\n' },
    {
      good: 'FROM python:3.13\nENV PIP_INDEX_URL=https://a.example\nRUN pip config set global.index-url https://a.example\n',
    },
    { good: 'FROM python:3.13\nRUN echo --extra-index-url a && A=b pip install corp\n' },
    { good: 'FROM python:3.13\nRUN pip config get global.extra-index-url && pip download set a.extra-index-url\n' },
    { good: 'FROM python:3.13\nRUN PIP_EXTRA_INDEX_URL=a uv pip install --index-strategy unsafe-best-match corp\n' },
    { good: 'FROM python:3.13\nRUN pip config set global.timeout 60\n' },
  ],
  *check({ steps, allCommands }) {
    for (const step of steps) for (const { key } of pairsOf(step)) yield problem(key.span);
    for (const { command } of allCommands) {
      const at = extraIndex(command);
      if (at) yield problem(at);
    }
  },
});

function problem(at: Span) {
  return {
    at,
    message: 'with a second index pip takes whichever has the higher version',
    help: 'use one index (--index-url) that passes on to PyPI what it does not have, or --require-hashes',
  };
}

function pairsOf({ instruction }: Step): readonly Pair[] {
  if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') return [];
  return instruction.pairs.filter(({ key }) => key.text === 'PIP_EXTRA_INDEX_URL');
}

function extraIndex(command: Command): Span | undefined {
  const found = pip(command) ?? uv(command);
  if (!found || option(found, '--require-hashes')) return undefined;
  if (found.tool === 'uv' && !option(found, '--index-strategy')?.value?.startsWith('unsafe-')) return undefined;
  const extra = option(found, '--extra-index-url');
  if (extra) return cover(extra.word, extra.valueWord ?? extra.word);
  if (found.tool !== 'pip') return undefined;
  const [verb, key] = found.subcommand === 'config' ? found.operands : [];
  if (verb?.text === 'set' && key && /\.extra-index-url$/.test(key.text)) return key.span;
  return command.assignments.find(({ name }) => name === 'PIP_EXTRA_INDEX_URL')?.span;
}
