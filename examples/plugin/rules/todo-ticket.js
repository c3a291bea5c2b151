import { defineRule } from 'dlint/rule';

/** The syntax tree: comments, with their exact places. */
export default defineRule({
  id: 'example/todo-ticket',
  category: 'style',
  severity: 'style',
  summary: 'a TODO without a ticket',
  why: 'A TODO that nobody has written down elsewhere is read once more in five years.',
  // Files without the word are spared the check.
  mentions: ['todo'],
  examples: [
    { bad: 'FROM alpine:3.22\n# «TODO» pin the version\nRUN apk add --no-cache curl\n' },
    { good: 'FROM alpine:3.22\n# TODO(WEB-12) pin the version\nRUN apk add --no-cache curl\n' },
    { good: 'FROM alpine:3.22\nRUN echo TODO\n', note: 'No comment.' },
  ],
  *check({ dockerfile }) {
    const { items, source } = dockerfile;
    for (const { kind, span } of items) {
      const text = source.text.slice(span.start, span.end);
      const found = kind === 'comment' ? /\bTODO\b(?!\([A-Z]+-\d+\))/.exec(text) : null;
      if (!found) continue;
      const start = span.start + found.index;
      yield { at: { start, end: start + 'TODO'.length }, message: 'a TODO without a ticket', help: 'TODO(WEB-12) …' };
    }
  },
});
