import { defineRule, flagOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'unused-ignore',
  category: 'style',
  severity: 'info',
  summary: 'an ignore comment that silences nothing',
  why: 'What it was for has been mended, or it never stood in the right place. Left alone, it hides the next finding that nobody has looked at.',
  options: {
    foreign: flagOption(
      false,
      'Also comments and directives for hadolint and BuildKit, which may see something there.',
    ),
  },
  presetOptions: {
    strict: { foreign: true },
    hadolint: { foreign: true },
    buildkit: { foreign: true },
    all: { foreign: true },
  },
  examples: [
    {
      bad: 'FROM python:3.13\n# dlint-ignore «pip-cache»: small\nRUN pip install --no-cache-dir flask\n',
      good: 'FROM python:3.13\n# dlint-ignore pip-cache: small\nRUN pip install flask\n',
      fixed: false,
    },
    { bad: '# hadolint global ignore=«DL3042»\nFROM python:3.13\n', options: { foreign: true } },
    {
      good: '# check=skip=JSONArgsRecommended\n# hadolint global ignore=DL3042\nFROM python:3.13\n',
      note: 'The tools that they were written for may see something there.',
      exact: true,
    },
    { good: 'FROM python:3.13\n# dlint-ignore *\nRUN pip install flask\n' },
    { good: 'FROM python:3.13\n# hadolint ignore=SC2046\nRUN echo $(ls)\n', note: 'ShellCheck knows what it is for.' },
  ],
  *check() {},
  *review({ model, suppressions }, { foreign }) {
    const { text } = model.dockerfile.source;
    for (const { ids, suppression } of suppressions) {
      if (!foreign && /^#\s*(hadolint|check)\b/i.test(text.slice(suppression.span.start, suppression.span.end)))
        continue;
      for (const { id, span, isKnown, isActive, isUsed } of ids) {
        if (!isKnown || !isActive || isUsed) continue;
        yield { at: span, message: `${id} has nothing to silence here`, help: 'remove it' };
      }
    }
  },
});
