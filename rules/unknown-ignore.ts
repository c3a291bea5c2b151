import { closest, defineRule } from '../src/lint/rule.ts';

/** Codes of hadolint and ShellCheck, which may well be meant for these. */
const foreign = /^(DL|SC)\d{4}$/i;

export default defineRule({
  id: 'unknown-ignore',
  category: 'correctness',
  severity: 'info',
  summary: 'an ignore comment names a rule that does not exist',
  why: 'A misspelt name silences nothing: the finding stays, or returns unseen when the rule is switched on.',
  examples: [
    {
      bad: 'FROM python:3.13\n# dlint-ignore «pip-cash»\nRUN pip install flask\n',
      good: 'FROM python:3.13\n# dlint-ignore pip-cache\nRUN pip install flask\n',
    },
    { good: 'FROM python:3.13\n# hadolint ignore=SC2046,DL9999\nRUN echo $(ls)\n' },
    { good: 'FROM python:3.13\n# dlint-ignore *\nRUN pip install flask\n' },
  ],
  *check() {},
  *review({ suppressions }) {
    for (const { ids, names } of suppressions) {
      for (const { id, span, isKnown } of ids) {
        if (isKnown || foreign.test(id)) continue;
        const near = closest(id, [...names]);
        const fix = near && { title: `Write ${near}`, edits: [{ span, text: near }] };
        yield {
          at: span,
          message: `there is no rule ${id}`,
          ...(near ? { help: `did you mean ${near}?` } : {}),
          ...(fix ? { fix } : {}),
        };
      }
    }
  },
});
