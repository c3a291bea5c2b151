import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { type AnalyzeOptions, analyze } from '../../src/lint/semantic.ts';
import type { Command } from '../../src/lint/shell.ts';
import { cpuTime } from '../support/cpu-time.ts';

function modelOf(text: string, options?: AnalyzeOptions) {
  return analyze(parse({ path: 'Dockerfile', text }), options);
}

function commandsOf(run: string, head = 'FROM alpine:3\n'): readonly Command[] {
  return modelOf(`${head}${run}\n`).commands.map(({ command }) => command);
}

function linesOf(run: string, head?: string): string[] {
  return commandsOf(run, head).map(({ name, words }) => [name, ...words.slice(1).map(({ text }) => text)].join(' '));
}

describe('commands are seen', () => {
  it.each([
    ['through sudo and its flags', 'RUN sudo -E -u app --group=x -- apt-get update', ['apt-get update']],
    ['through a cluster that ends in a valued flag', 'RUN sudo -nu app id', ['id']],
    ['through env and assignments', 'RUN A=1 env -u B C=2 /usr/bin/apt-get update', ['apt-get update']],
    ['through nested wrappers', 'RUN time nice -n 5 nohup command timeout -k 1 30 make all', ['make all']],
    ['through xargs', 'RUN cat list | xargs -n 1 -P4 pip install', ['cat list', 'pip install']],
    [
      'in sh -c',
      `RUN sh -c 'apk add a' && bash -lc "pip install \\"b c\\""`,
      ['sh -c apk add a', 'apk add a', 'bash -lc pip install "b c"', 'pip install b c'],
    ],
    ['in sh with options of its own', "RUN bash -o pipefail -ec 'a | b'", ['bash -o pipefail -ec a | b', 'a', 'b']],
    ['not in a script file', "RUN bash install.sh -c 'x'", ['bash install.sh -c x']],
    ['in eval and su', `RUN eval "a b" && su - app -c 'c d'`, ['eval a b', 'a b', 'su - app -c c d', 'c d']],
    [
      'in find -exec',
      'RUN find /x -type f -exec chmod 600 {} \\; -exec rm {} +',
      ['find /x -type f -exec chmod 600 {} ; -exec rm {} +', 'chmod 600 {}', 'rm {}'],
    ],
    [
      'in substitutions',
      'RUN echo $(dpkg -l) "`uname -m`" <(a) ${X:-$(b)}',
      ['echo $(dpkg -l) `uname -m` <(a) ${X:-$(b)}', 'dpkg -l', 'uname -m', 'a', 'b'],
    ],
    [
      'in compound commands',
      'RUN if a; then b; elif c; then d; else e; fi; for i in $(f); do g; done; while h; do i; done; case $(j) in x) k;; esac; (l); { m; }; n() { o; }',
      [...'abcdefghijklmo'],
    ],
    ['in tests', 'RUN [[ $(a) = b ]] && (( $(c) > 1 ))', ['a', 'c']],
    ['only by name where nothing runs', 'RUN command -v apt-get', ['command -v apt-get']],
    ['without a name', 'RUN A=1 B=2', ['']],
  ])('%s', (_, run, expected) => {
    expect(linesOf(run)).toEqual(expected);
  });

  it('in an exec form, and in the script of one', () => {
    expect(linesOf('RUN ["/usr/bin/apt-get", "install", "a b"]')).toEqual(['apt-get install a b']);
    expect(linesOf('RUN ["sh", "-c", "a \\"x y\\" && b"]')).toEqual(['sh -c a "x y" && b', 'a x y', 'b']);
    expect(commandsOf('RUN ["echo", "$HOME"]')[0]).toMatchObject({ exec: true, words: [{}, { expansions: [] }] });
  });

  it('as far as a broken script can be read', () => {
    const { steps } = modelOf('FROM a:1\nRUN if apt-get update; then pip install x\n');
    expect(steps[0]?.commands.map(({ name }) => name)).toEqual(['apt-get', 'pip']);
    expect(steps[0]?.script?.problems.length).toBeGreaterThan(0);
  });
});

describe('places', () => {
  it('are exact behind continuations, comments and tabs', () => {
    const text = 'FROM a:1\nRUN set -ex; \\\n# why\n\tapt-get \\\n\t  install "a\\\nb"\n';
    const { commands } = modelOf(text);
    const install = commands[1]?.command;
    expect(install?.words.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'apt-get',
      'install',
      '"a\\\nb"',
    ]);
    expect(install?.words[2]?.text).toBe('ab');
    expect(text.slice(install?.span.start, install?.span.end)).toBe('apt-get \\\n\t  install "a\\\nb"');
  });

  it.each([
    ["RUN sh -c 'echo a && pip install b'"],
    ['RUN sh -c "echo \\"x\\" && pip install b"'],
    ['RUN ["sh", "-c", "echo \\"x\\" && pip install b"]'],
    ['RUN eval "echo x;" pip install b'],
    ['RUN echo `echo \\`pip install b\\``'],
    ['RUN <<EOF\necho a\npip install b\nEOF'],
    ['RUN <<-EOF\n\techo a\r\n\tpip install b\r\n\tEOF'],
    ['RUN bash -e <<EOF\npip install b\nEOF'],
    ['ONBUILD RUN true && \\\n  pip install b'],
  ])('are exact in %j', (run) => {
    const text = `FROM a:1\n${run}\n`;
    const pip = modelOf(text).commands.find(({ command }) => command.name === 'pip')?.command;
    const spans = pip?.words.map(({ span }) => text.slice(span.start, span.end));
    expect(spans).toEqual(['pip', 'install', 'b']);
  });
});

describe('how commands hang together', () => {
  it('by connectors, chains and pipelines', () => {
    const found = commandsOf('RUN a && b | c || d; e & f').map(({ name, before, chain, pipeline }) => {
      return [name, before, chain, pipeline.position, pipeline.length];
    });
    expect(found).toEqual([
      ['a', 'start', 1, 0, 1],
      ['b', '&&', 1, 0, 2],
      ['c', '|', 1, 1, 2],
      ['d', '||', 1, 0, 1],
      ['e', ';', 2, 0, 1],
      ['f', '&', 3, 0, 1],
    ]);
  });

  it('by nesting', () => {
    const nesting = Object.fromEntries(
      commandsOf(
        "RUN (a); if b; then c; fi; for x in y; do d $(e); done; f() { g; }; sh -c 'h'; find -exec i {} +",
      ).map(({ name, nesting: inside }) => [name, inside.join()]),
    );
    expect(nesting).toMatchObject({
      a: 'subshell',
      b: 'condition',
      c: 'branch',
      d: 'loop',
      e: 'loop,substitution',
      g: 'function',
      h: 'script',
      i: 'find',
    });
  });

  it('by redirects, assignments and wrappers', () => {
    const [command] = commandsOf('RUN A=$B sudo C=d x >/dev/null 2>&1 < in');
    expect(command?.assignments.map(({ name, value }) => [name, value?.text])).toEqual([
      ['A', '$B'],
      ['C', 'd'],
    ]);
    expect(command?.redirects.map(({ operator, fd, target }) => [operator, fd, target?.text])).toEqual([
      ['>', undefined, '/dev/null'],
      ['>&', 2, '1'],
      ['<', undefined, 'in'],
    ]);
    expect(command?.wrappers.map(({ name }) => name)).toEqual(['sudo']);
  });

  it('knows what the shell fills in', () => {
    const words = commandsOf('RUN echo \'$a\' "$b" ${c%.x} $((1+1)) \\$d "$(e)"')[0]?.words ?? [];
    const kinds = words.map(({ expansions }) =>
      expansions.map(({ kind, name, quoted }) => `${kind} ${name ?? ''} ${quoted}`).join(),
    );
    expect(kinds).toEqual(['', '', 'variable b true', 'variable c false', 'arithmetic  false', '', 'command  true']);
  });
});

describe('options in force', () => {
  const stateOf = (run: string, head?: string) =>
    commandsOf(run, head).map(({ name, errexit, pipefail }) => `${name} ${+errexit}${+pipefail}`);

  it('by set, until it is undone, and not out of a subshell', () => {
    expect(stateOf('RUN a; set -euxo pipefail; b; (set +e; c); d; set +o pipefail; e')).toEqual([
      ...['a 00', 'set 00', 'b 11', 'set 11', 'c 01', 'd 11', 'set 11', 'e 10'],
    ]);
  });

  it('by SHELL, #! and -e of sh -c', () => {
    expect(stateOf('RUN a', 'FROM x:1\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\n')).toEqual(['a 11']);
    expect(stateOf('RUN <<EOF\n#!/bin/bash -e\na\nEOF')).toEqual(['a 10']);
    expect(stateOf("RUN sh -ec 'a'; b")).toEqual(['sh 00', 'a 10', 'b 00']);
  });
});

describe('interpreters', () => {
  const dialectOf = (run: string, head = 'FROM x:1\n') => modelOf(`${head}${run}\n`).steps.at(-1)?.script;

  it.each([
    ['RUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF', undefined, 'other', 0],
    ['RUN <<EOF\n#!/usr/bin/env -S bash -e\nls\nEOF', undefined, 'bash', 1],
    ['RUN python3 <<EOF\nimport os\nEOF', undefined, 'sh', 1],
    ['RUN cat <<A > /a && sh <<B\nnot shell\nA\nls\nB', undefined, 'sh', 3],
    ['RUN Get-Item a | b', 'FROM x:1\nSHELL ["pwsh", "-Command"]\n', 'powershell', 0],
    ['RUN dir', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n', 'cmd', 0],
    ['RUN dir', 'FROM mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-ltsc2022\n', 'cmd', 0],
    ['RUN dir', '# escape=`\nARG B\nFROM $B\n', 'cmd', 0],
    ['RUN dir', 'FROM --platform=windows/amd64 x:1\n', 'cmd', 0],
    ['RUN a', '# hadolint shell=powershell\nFROM x:1\n', 'powershell', 0],
    ['RUN a', 'FROM x:1\nSHELL ["/bin/bash", "-c"]\nENV A=1\n', 'bash', 1],
    ['RUN a', 'FROM x:1 AS b\nSHELL ["/usr/bin/python3", "-c"]\nFROM b\n', 'other', 0],
    ['RUN ["powershell", "-Command", "a"]', undefined, 'exec', 1],
  ])('of %j below %j is %s', (run, head, dialect, count) => {
    const script = dialectOf(run, head);
    expect(script?.dialect).toBe(dialect);
    expect(script?.commands.length).toBe(count);
  });
});

describe('hostile scripts', () => {
  it.each([
    ['subshells', `${'('.repeat(3000)}a${')'.repeat(3000)}`],
    ['substitutions', `${'$('.repeat(3000)}a${')'.repeat(3000)}`],
    ['quotes', `echo ${'"$(a '.repeat(3000)}`],
    ['backquotes', '`\\`'.repeat(5000)],
    ['commands', 'a;'.repeat(30_000)],
    ['sh -c', `${'sh -c "'.repeat(2000)}`],
    ['a wide pipe', `a${' | a'.repeat(15_000)}`],
    ['and-or', `a${' && a'.repeat(15_000)}`],
    ['sudo', `${'sudo '.repeat(10_000)} a`],
    ['braces', `echo ${'{a,'.repeat(5000)}`],
    ['find', `find ${'-exec a ; '.repeat(5000)}`],
  ])('of many %s end soon', (_, script) => {
    const before = cpuTime();
    expect(commandsOf(`RUN ${script}`).length).toBeLessThanOrEqual(40_000);
    expect(cpuTime() - before).toBeLessThan(4000);
  });

  it('never throw, and every word lies in its instruction', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        ' ',
        '"',
        "'",
        '$(',
        ')',
        '`',
        '\\',
        '\\\n',
        '|',
        '&&',
        ';',
        '<<E',
        '{',
        '}',
        'if ',
        'then ',
        'sh -c ',
        'eval ',
        '$x',
        '[[ ',
        '#',
        '\t',
        'é',
        '🐳',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { steps, commands } = modelOf(`FROM a:1\nRUN ${pieces.join('')}\n`);
        for (const { command, step } of commands) {
          const { span } = step.instruction;
          for (const word of command.words) {
            expect(word.span.start).toBeGreaterThanOrEqual(span.start);
            expect(word.span.end).toBeLessThanOrEqual(span.end);
          }
        }
        return steps.length > 0;
      }),
      { numRuns: 500 },
    );
  });
});
