import {
  type Command,
  defineRule,
  type Edit,
  type Heredoc,
  insertBefore,
  type Nesting,
  quoted,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'heredoc-errexit',
  category: 'correctness',
  mentions: ['<<'],
  severity: 'warning',
  summary: 'a heredoc script that goes on after a failure',
  why: 'The body of `RUN <<EOF` is one script, and only the status of its last command counts. Without `set -e`, a failed download or install in the middle goes unnoticed, and a broken image is built.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «<<EOF»\napt-get update\napt-get install -y curl\nEOF\n',
      good: 'FROM debian:13\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\n',
    },
    {
      bad: 'FROM debian:13\nRUN --network=none «<<-"EOF"»\n\t#!/bin/bash\n\tmake\n\techo done\n\tEOF\n',
      good: 'FROM debian:13\nRUN --network=none <<-"EOF"\n\t#!/bin/bash\n\tset -e\n\tmake\n\techo done\n\tEOF\n',
    },
    {
      bad: 'FROM debian:13\nRUN bash -x «<<EOF»\ncd /a && make\nmake install\nEOF\n',
      good: 'FROM debian:13\nRUN bash -x <<EOF\nset -e\ncd /a && make\nmake install\nEOF\n',
    },
    {
      bad: 'FROM debian:13\nRUN «<<EOF»\nif true; then a; b; fi\nfor i in 1 2; do c; done\nset -e\nEOF\n',
      good: 'FROM debian:13\nRUN <<EOF\nset -e\nif true; then a; b; fi\nfor i in 1 2; do c; done\nset -e\nEOF\n',
    },
    {
      bad: 'FROM debian:13\nRUN «<<EOF»\na || b\nif c; then d; fi\nEOF\nRUN «<<EOF»\nx=$(a)\necho $x\nEOF\n',
      good: 'FROM debian:13\nRUN <<EOF\nset -e\na || b\nif c; then d; fi\nEOF\nRUN <<EOF\nset -e\nx=$(a)\necho $x\nEOF\n',
    },
    { good: 'FROM debian:13\nRUN <<EOF\nset -eux\napt-get update\napt-get install -y curl\nEOF\n' },
    { good: 'FROM debian:13\nRUN <<EOF\n#!/bin/bash -e\na\nb\nEOF\nRUN bash -e <<EOF\na\nb\nEOF\n' },
    { good: 'FROM debian:13\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN <<EOF\na\nb\nEOF\n' },
    { good: 'FROM debian:13\nRUN <<EOF\na && \\\n  b\nEOF\n', note: 'One list: its failure is that of the script.' },
    { good: 'FROM debian:13\nRUN <<EOF\necho start\nexport A=1\nB=2\na || exit 1\nb || true\nc\nEOF\n' },
    { good: 'FROM debian:13\nRUN <<EOF\n#!/usr/bin/env python3\nimport a\nimport b\nEOF\n' },
    { good: 'FROM debian:13\nRUN cat <<EOF > /a\na\nb\nEOF\nRUN a; b\n' },
    {
      good: 'FROM debian:13\nRUN <<EOF\nf() { a; b; }\n(a; b)\nif a; then c; else d; fi\nEOF\nCOPY <<EOF /a\na\nb\nEOF\n',
    },
    { good: 'FROM debian:13\nRUN <<EOF\nif a; then b || exit 1; fi\nc && d || exit 1\necho done\nEOF\n' },
    {
      bad: 'FROM debian:13\nRUN «<<EOF»\na && echo ok\nif b; then c; fi\nEOF\n',
      good: 'FROM debian:13\nRUN <<EOF\nset -e\na && echo ok\nif b; then c; fi\nEOF\n',
    },
  ],
  *check({ steps, dockerfile: { source } }) {
    for (const { instruction, commands } of steps) {
      if (instruction.keyword !== 'RUN') continue;
      for (const heredoc of instruction.heredocs) {
        const body = commands.filter(({ span }) => span.start >= heredoc.body.start && span.end <= heredoc.body.end);
        const command = unchecked(body);
        if (!command) continue;
        yield {
          at: heredoc.span,
          message: `the script goes on when ${command.words[0] ? quoted(command.words[0].text) : 'a substitution'} fails`,
          help: 'begin it with set -e',
          fix: { title: 'Add set -e', safe: false, edits: [beginning(heredoc, source.text)] },
        };
      }
    }
  },
});

/** The first command whose failure nothing notices. */
function unchecked(body: readonly Command[]): Command | undefined {
  const own = body.filter(({ nesting }) => nesting.every((kind) => !elsewhere.has(kind)));
  const lists = new Map<number, { readonly isFollowed: boolean; isHandled: boolean }>();
  let least = Number.POSITIVE_INFINITY;
  let found: Command | undefined;
  // From the end: a list counts when something of the same body, or of one around it, comes behind it.
  for (const command of own.toReversed()) {
    const { chain, nesting, before, errexit } = command;
    const isFollowed = least <= nesting.length || (nesting.length === 0 && lists.size > 0);
    const list = lists.get(chain) ?? { isFollowed, isHandled: false };
    lists.set(chain, list);
    const isLost = list.isFollowed && !list.isHandled && !errexit && !nesting.includes('condition');
    if (isLost && canFail(command)) found = command;
    if (before === '||') list.isHandled = true;
    if (before === ';') least = Math.min(least, nesting.length);
  }
  return found;
}

/** What runs in a shell of its own, or not here. */
const elsewhere: ReadonlySet<Nesting> = new Set(['subshell', 'substitution', 'script', 'find', 'function']);

const infallible =
  /^(echo|printf|true|:|export|set|\[|test|exit|return|alias|umask|ulimit|shopt|unset|local|declare|readonly|sleep|break|continue|shift|date|trap)$/;

function canFail({ name, assignments, redirects }: Command): boolean {
  if (name !== '') return !infallible.test(name);
  return (
    redirects.length === 0 && assignments.some(({ value }) => value?.expansions.some(({ kind }) => kind === 'command'))
  );
}

/** `set -e` as the first line, behind `#!` and indented like what stands there. */
function beginning({ body }: Heredoc, source: string): Edit {
  const text = source.slice(body.start, body.end);
  const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
  const start = body.start + (text.startsWith('#!', indent.length) ? text.indexOf('\n') + 1 : 0);
  return insertBefore({ start, end: start }, `${indent}set -e\n`);
}
