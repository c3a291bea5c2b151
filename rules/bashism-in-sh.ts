import {
  type Bashism,
  type BashismKind,
  bashisms,
  type Command,
  defineRule,
  type Problem,
  quoted,
  replace,
  type Stage,
  type System,
  systemOf,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'bashism-in-sh',
  category: 'correctness',
  severity: 'warning',
  summary: 'Bash syntax in a step that /bin/sh runs',
  why: 'Steps run below /bin/sh, which is dash on Debian and Ubuntu and the ash of BusyBox on Alpine. What only Bash understands either stops the build or, worse, does something else: a folder called `{a,b}`, a file that begins with `-e`, a test that is always false.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «source» /etc/os-release && echo $ID\n',
      good: 'FROM debian:13\nRUN . /etc/os-release && echo $ID\n',
    },
    {
      bad: 'FROM python:3.13\nRUN if [ "$A" «==» b ]; then c; fi\n',
      good: 'FROM python:3.13\nRUN if [ "$A" = b ]; then c; fi\n',
    },
    {
      bad: 'FROM x/y:jammy\nRUN a «&>» /b && c «>&» d\n',
      good: 'FROM x/y:jammy\nSHELL ["/bin/bash", "-c"]\nRUN a &> /b && c >& d\n',
      fixed: false,
    },
    {
      bad: 'FROM alpine:3\nRUN mkdir -p /app/«{bin,lib}» && for i in «{1..3}»; do a; done\n',
      good: 'FROM alpine:3\nRUN mkdir -p /app/bin /app/lib\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13 AS base\nFROM base\nRUN echo «-e» "a\\nb" > /c && «[[» -f /c ]]\nENTRYPOINT «[[» -f x ]] && y\n',
    },
    {
      bad: 'FROM debian:13\nRUN «source» a; a=«(1 2)»; b «<<<» c; d «<(e)»; «function» f { :; }\nRUN «pushd» a; b «${A//c/d}»\n',
    },
    {
      bad: 'FROM debian:13\nRUN <<EOF\n«source» /a\nEOF\nRUN <<EOF\n#!/bin/bash\nsource a\nEOF\n',
      good: 'FROM debian:13\nRUN <<EOF\n. /a\nEOF\nRUN <<EOF\n#!/bin/bash\nsource a\nEOF\n',
    },
    { bad: 'FROM alpine:3\nRUN a=«(1)» && cat «<<<» c && «declare» -A d\nSHELL ["/bin/ash", "-c"]\nRUN «pushd» x\n' },
    {
      good: 'FROM alpine:3\nRUN source a && [[ -f x ]] && [ a == b ] && echo -e x &> y && echo ${a//b/c}\n',
      note: 'BusyBox knows these.',
    },
    { good: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN source a && [[ -f x ]]\n' },
    { good: 'FROM debian:13\nRUN bash -c "source a && [[ -f x ]]" && echo "[[ x ]]" {a,b\n' },
    { good: 'FROM fedora:42\nRUN source a && [[ -f x ]]\n', note: '/bin/sh is Bash there.' },
    { good: 'FROM x:1\nRUN source a && [[ -f x ]]\n', note: 'What /bin/sh is there is not known.' },
    { good: 'FROM debian:13 AS base\nRUN ln -sf bash /bin/sh\nFROM base\nRUN source a\n' },
    {
      good: 'FROM debian:13\nRUN echo dash dash/sh boolean false | debconf-set-selections && dpkg-reconfigure dash && source a\n',
    },
    {
      good: 'FROM debian:13\nRUN curl -O https://localhost/{a,b} && npx eslint src/*.{js,ts} && A={a,b} b && rm "{a,b}" {}\n',
      note: 'Programs that read braces themselves.',
    },
    { good: 'FROM debian:13\nRUN . a && [ a = b ] && c > d 2>&1 && f() { echo ${a:-b} -e; }\nRUN ["source", "a"]\n' },
    { bad: 'FROM debian:13\nRUN ln -s bash /usr/bin/x && cp a /bin/sh.old && «source» a\n' },
  ],
  *check({ stages, dockerfile: { source } }) {
    const replaced = new Set<Stage>();
    for (const stage of stages) {
      const system = systemOf(stage.root);
      if (stage.base.kind === 'stage' && replaced.has(stage.base.stage)) replaced.add(stage);
      for (const { commands, script } of stage.steps) {
        if (commands.some(replacesSh)) replaced.add(stage);
        if (!script?.text || script.dialect !== 'sh' || !system || replaced.has(stage)) continue;
        for (const bashism of bashisms(script.text, script.tree)) {
          if (isWrong(bashism, system)) yield problem(bashism, system, source.text);
        }
      }
    }
  },
});

function problem({ kind, span, text }: Bashism, system: System, source: string): Problem {
  const shell = system === 'alpine' ? 'ash' : 'dash';
  const { does, help } = outcomes[kind];
  const repair = repairs[kind];
  // Without a slash, `.` looks in PATH alone.
  const isFixable = repair && (kind !== 'source' || /^\s+[^\s;&|]*[/$~]/.test(source.slice(span.end, span.end + 200)));
  return {
    at: span,
    message: `${quoted(text)} ${does.replace('SHELL', shell)}`,
    help: `${help}, or put SHELL ["/bin/bash", "-c"] before the step`,
    ...(isFixable ? { fix: { title: `Write ${repair}`, safe: false, edits: [replace(span, repair)] } } : {}),
  };
}

const repairs: Partial<Record<BashismKind, string>> = { source: '.', equals: '=' };
const unknown = 'is not known to SHELL';
const error = 'is a syntax error to SHELL';

const outcomes: Readonly<Record<BashismKind, { readonly does: string; readonly help: string }>> = {
  test: { does: unknown, help: 'use [ … ]' },
  equals: { does: 'is no operator to SHELL: the test fails', help: 'use =' },
  source: { does: unknown, help: 'use a dot: . file' },
  array: { does: error, help: 'use "$@" or one word after the other' },
  brace: { does: 'is not expanded by SHELL', help: 'write the words out' },
  'here-string': { does: error, help: 'use printf and a pipe' },
  process: { does: error, help: 'use a pipe or a file' },
  redirect: { does: 'does not redirect both outputs in SHELL', help: 'use > file 2>&1' },
  function: { does: error, help: 'use name() { … }' },
  'echo-e': { does: 'is printed by SHELL', help: 'use printf' },
  replace: { does: 'is a bad substitution to SHELL', help: 'use sed, or ${x#…} and ${x%…}' },
  builtin: { does: unknown, help: 'use what POSIX has' },
};

/** What the ash of BusyBox does not know either (its configuration in Alpine, ASH_BASH_COMPAT on). */
const alienToAsh: ReadonlySet<BashismKind> = new Set(['array', 'brace', 'here-string', 'builtin']);

function isWrong({ kind, command }: Bashism, system: System): boolean {
  if (system !== 'debian' && system !== 'alpine') return false;
  if (system === 'alpine' && !alienToAsh.has(kind)) return false;
  // Many programs read braces themselves (curl, find, tools of Node); these do not.
  return kind !== 'brace' || command === undefined || fileTools.test(command);
}

const fileTools =
  /^(mkdir|rmdir|touch|rm|cp|mv|ln|cat|ls|chmod|chown|chgrp|install|echo|apt-get|apt|apk|pip3?|tar|source|\.|docker-php-ext-install)$/;

/** From here on, /bin/sh is something else. */
function replacesSh({ name, words }: Command): boolean {
  if (name === 'dpkg-reconfigure') return words.at(-1)?.text === 'dash';
  return /^(ln|mv|cp)$/.test(name) && /^(\/usr)?\/bin\/sh$/.test(words.at(-1)?.text ?? '');
}
