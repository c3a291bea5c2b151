import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../src/lint/fix.ts';
import { lint } from '../../src/lint/lint.ts';
import { parse } from '../../src/lint/parse.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { analyze, type SemanticModel } from '../../src/lint/semantic.ts';
import { type ShellScript, shellScripts } from '../../src/lint/shell-scripts.ts';
import { type Remark, shellCheckFindings } from '../../src/lint/shellcheck.ts';

function modelOf(text: string): SemanticModel {
  return analyze(parse({ path: 'Dockerfile', text }));
}

function scriptsOf(text: string): readonly ShellScript[] {
  return shellScripts(modelOf(text));
}

function texts(text: string): readonly string[] {
  return scriptsOf(text).map((script) => script.text);
}

/** What ShellCheck would say of the first place where `part` stands in the script. */
function remark(script: ShellScript, part: string, rest: Partial<Remark> = {}): Remark {
  const index = script.text.indexOf(part);
  const before = script.text.slice(0, index).split('\n');
  const line = before.length;
  const column = [...(before.at(-1) ?? '')].length + 1;
  const end = { endLine: line, endColumn: column + [...part].length };
  return { line, column, ...end, level: 'info', code: 2086, message: 'Double quote.', fix: null, ...rest };
}

/** The text of the Dockerfile under the finding about `part`. */
function found(text: string, part: string, rest?: Partial<Remark>): string | undefined {
  const [script] = scriptsOf(text);
  if (!script) throw new Error('no script');
  const [finding] = shellCheckFindings(script, [remark(script, part, rest)]);
  return finding && text.slice(finding.at.start, finding.at.end);
}

describe('scripts of a file', () => {
  test('a shell form, joined to one line, behind the shell that runs it', () => {
    expect(texts('FROM a\nRUN x \\\n # note\n  && y\n')).toEqual(['#!/bin/sh\nx   && y']);
  });

  test.each([
    ['["/bin/bash", "-c"]', '#!/bin/bash\nx'],
    ['["/bin/bash", "-euo", "pipefail", "-c"]', '#!/bin/bash -e\nx'],
    ['["/bin/ash", "-e", "-c"]', '#!/bin/sh -e\nx'],
    ['["/usr/bin/env", "ksh", "-c"]', '#!/bin/ksh\nx'],
  ])('SHELL %s', (shell, text) => {
    expect(texts(`FROM a\nSHELL ${shell}\nRUN x\n`)).toEqual([text]);
  });

  test.each(['powershell', 'cmd', 'zsh', 'python3'])('SHELL %s is left out', (shell) => {
    expect(texts(`FROM a\nSHELL ["${shell}", "-c"]\nRUN x\n`)).toEqual([]);
  });

  test.each([
    ['debian:13', 'dash'],
    ['python:3.13-alpine', 'sh'],
    ['fedora:42', 'bash'],
    ['acme/base', 'sh'],
  ])('/bin/sh of %s is %s', (image, shell) => {
    expect(texts(`FROM ${image} AS b\nFROM b\nRUN x\n`)).toEqual([`#!/bin/${shell}\nx`]);
    expect(texts(`FROM ${image}\nRUN sudo sh <<'A'\nx\nA\n`)[1]).toBe(`#!/bin/${shell}\nx\n`);
  });

  test('the pragma of hadolint names the shell, and a stage inherits it', () => {
    expect(texts('FROM a AS b\n# hadolint shell=bash\nRUN x\nFROM b\nRUN y\n')).toEqual([
      '#!/bin/bash\nx',
      '#!/bin/bash\ny',
    ]);
  });

  test('Windows and programs that no shell starts are left out', () => {
    expect(texts('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir\nCMD dir\n')).toEqual([]);
    expect(texts('FROM a\nRUN ["ls", "$x"]\nCMD ["-c", "y"]\nSHELL ["sh", "-c"]\nHEALTHCHECK NONE\n')).toEqual([]);
  });

  test.each([
    ['CMD x', ['#!/bin/sh\nx']],
    ['ENTRYPOINT x', ['#!/bin/sh\nx']],
    ['HEALTHCHECK --interval=5s CMD x', ['#!/bin/sh\nx']],
    ['ONBUILD RUN x', ['#!/bin/sh\nx']],
    ['ONBUILD CMD x', ['#!/bin/sh\nx']],
    ['SHELL ["/bin/bash", "-e", "-c"]\nCMD x', ['#!/bin/bash -e\nx']],
    ['RUN ["sh", "-c", "x"]', ['#!/bin/sh\nx']],
    ['CMD ["/bin/bash", "-o", "pipefail", "-ec", "x", "--"]', ['#!/bin/bash -e\nx']],
    ['ENTRYPOINT ["tini", "--", "ash", "-c", "x"]', ['#!/bin/sh\nx']],
    ['HEALTHCHECK CMD ["/usr/bin/env", "dash", "-c", "x"]', ['#!/bin/dash\nx']],
    ['ONBUILD ENTRYPOINT ["bash", "-lc", "x"]', ['#!/bin/bash\nx']],
    ['CMD ["bash", "x"]', []],
    ['ENTRYPOINT ["bash", "-ec"]\nCMD ["x"]', ['#!/bin/bash -e\nx']],
    ['CMD ["x"]\nENTRYPOINT ["tini", "--", "/bin/sh", "-c"]', ['#!/bin/sh\nx']],
    ['ENTRYPOINT ["sh", "-c", "y"]\nCMD ["x"]', ['#!/bin/sh\ny']],
    ['ENTRYPOINT ["sh"]\nCMD ["x"]', []],
    ['ENTRYPOINT ["python3", "-c"]\nCMD ["x"]', []],
    ['ENTRYPOINT []\nCMD ["x"]', []],
    ['ENTRYPOINT ["sh", "-c"]\nCMD []', []],
    ['CMD ["python3", "-c", "x"]', []],
    ["RUN bash -c 'x'", ["#!/bin/sh\nbash -c 'x'", '#!/bin/bash\nx']],
    ['RUN bash -c "x $y"', ['#!/bin/sh\nbash -c "x $y"']],
    [`RUN sh -c "sh -c 'x'"`, [`#!/bin/sh\nsh -c "sh -c 'x'"`, "#!/bin/sh\nsh -c 'x'"]],
  ])('%s', (line, expected) => {
    expect(texts(`FROM a\n${line}\n`)).toEqual(expected);
  });

  test('a heredoc is a script of its own, with its own interpreter', () => {
    expect(texts('FROM a\nRUN <<EOF\nx\ny\nEOF\n')).toEqual(['#!/bin/sh\nx\ny\n']);
    expect(texts('FROM a\nRUN <<EOF\n#!/bin/bash -e\nx\nEOF\n')).toEqual(['#!/bin/bash -e\nx\n']);
    expect(texts('FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nx\nEOF\n')).toEqual([]);
    expect(texts('FROM a\nRUN <<-EOF\n\tx\n\tEOF\n')).toEqual(['#!/bin/sh\nx\n']);
  });

  test('heredocs that a command reads stand behind its line, and those of a shell are scripts, too', () => {
    expect(texts('FROM a\nRUN cat <<A >f && y\nhi\nA\n')).toEqual(['#!/bin/sh\ncat <<A >f && y\nhi\nA']);
    expect(texts("FROM a\r\nRUN bash -e <<'A'\r\ncd x\r\nA\r\n")).toEqual([
      "#!/bin/sh\nbash -e <<'A'\ncd x\nA",
      '#!/bin/bash -e\ncd x\n',
    ]);
    // Here the outer shell fills in $x first: the text is not what bash gets.
    expect(texts('FROM a\nRUN bash <<A\ncd $x\nA\n')).toHaveLength(1);
  });
});

describe('findings', () => {
  test('stand at their place behind continuations and comments', () => {
    expect(found('FROM a\nRUN x \\\n# c\n  && y $v\n', '$v')).toBe('$v');
  });

  test('count code points', () => {
    expect(found('FROM a\nRUN echo "𝒳é" $v\n', '$v')).toBe('$v');
    expect(found('FROM a\nRUN <<EOF\necho 𝒳\n\techo é $v\nEOF\n', '$v')).toBe('$v');
  });

  test('stand in heredocs, also where tabs and CRs are dropped', () => {
    expect(found('FROM a\nRUN <<-EOF\n\t\techo\n\techo $v\n\tEOF\n', '$v')).toBe('$v');
    expect(found('FROM a\r\nRUN cat <<A >f\r\nhi\r\nsee $v\r\nA\r\n', '$v')).toBe('$v');
  });

  test.each([
    ['CMD ["sh", "-c", "a \\"b\\" $v"]', '$v'],
    ['CMD ["a \\"b\\" $v"]\nENTRYPOINT ["sh", "-c"]', '$v'],
    ['CMD ["sh", "-c", "a\\tb\\u0020\\n $v"]', '$v'],
    ['CMD ["sh", "-c", \\\n  "a \\\\ \\\n# c\n\n  b && $v"]', '$v'],
    ["RUN sh -c 'a \\\n  && $v'", '$v'],
  ])('stand in quoted scripts: %j', (line, part) => {
    const text = `FROM a\n${line}\n`;
    const script = scriptsOf(text).at(-1) as ShellScript;
    const [finding] = shellCheckFindings(script, [remark(script, part)]);
    expect(text.slice(finding?.at.start, finding?.at.end)).toBe(part);
  });

  test('a character that JSON escapes is underlined with its backslash', () => {
    expect(found('FROM a\nCMD ["sh", "-c", "\\"x\\""]\n', '"x"')).toBe('\\"x\\"');
    expect(found('FROM a\nCMD ["sh", "-c", "a\\u0060x\\u0060"]\n', '`x`')).toBe('\\u0060x\\u0060');
  });

  test('a container may have any variable, an inner script those of the one around it', () => {
    const known = (line: string, part = '$v') => {
      const script = scriptsOf(`FROM a\n${line}\n`).at(-1) as ShellScript;
      return [...shellCheckFindings(script, [remark(script, part, { code: 2154 })])].length === 0;
    };
    expect(known('CMD echo $v')).toBe(true);
    expect(known('HEALTHCHECK CMD ["sh", "-c", "echo $v"]')).toBe(true);
    expect(known('RUN ["sh", "-c", "echo $v"]')).toBe(false);
    expect(known("RUN export v=1 && sh -c 'echo $v'")).toBe(true);
    expect(known("RUN echo $v ${v} && sh -c 'echo $v'")).toBe(false);
    expect(found('FROM a\nCMD v=1; app\n', 'v', { code: 2034 })).toBe('v');
  });

  test('a place behind the end is the end, one before the script is dropped', () => {
    const text = 'FROM a\nRUN if x; then\n';
    const [script] = scriptsOf(text);
    if (!script) throw new Error('no script');
    const at = { line: 3, column: 1, endLine: 3, endColumn: 1 };
    const [finding, ...others] = shellCheckFindings(script, [
      { ...at, level: 'error', code: 1072, message: 'Expected a command.', fix: null },
      { ...at, line: 1, endLine: 1, level: 'error', code: 2239, message: 'Ours.', fix: null },
    ]);
    expect(finding).toMatchObject({ code: 'SC1072', severity: 'error', category: 'correctness' });
    expect(finding?.message).toBe('Expected a command');
    expect(finding?.help).toBe('https://www.shellcheck.net/wiki/SC1072');
    expect(text.slice(0, finding?.at.start).trimEnd()).toBe(text.trimEnd());
    expect(others).toEqual([]);
  });

  test.each([1071, 1090, 1091, 2148, 2187])('SC%i says nothing about a RUN', (code) => {
    expect(found('FROM a\nRUN . /x\n', '. /x', { code })).toBeUndefined();
  });

  test.each([
    ['ENV v=1', 'RUN'],
    ['ARG v', 'RUN'],
    ['ONBUILD ARG v', 'ONBUILD RUN'],
    ['', 'RUN --mount=type=secret,id=x,env=v'],
  ])('%s %s: the variable has a value (2154), but is not quoted (2086)', (set, run) => {
    const text = `FROM a\n${set}\n${run} echo $v \${w}\n`;
    expect(found(text, '$v', { code: 2154 })).toBeUndefined();
    expect(found(text, '$v', { code: 2086 })).toBe('$v');
    expect(found(text, '${w}', { code: 2154 })).toBe('${w}');
  });

  test('proxies are predefined, a value of ENV is used by what runs, an ONBUILD ARG is not there now', () => {
    expect(found('FROM a\nRUN echo $http_proxy\n', '$http_proxy', { code: 2154 })).toBeUndefined();
    expect(found('FROM a\nENV P=1\nRUN P=2; make\n', 'P', { code: 2034 })).toBeUndefined();
    expect(found('FROM a\nRUN P=2; make\n', 'P', { code: 2034 })).toBe('P');
    expect(found('FROM a\nONBUILD ARG v\nRUN echo $v\n', '$v', { code: 2154 })).toBe('$v');
  });

  test('the ash of BusyBox knows more than POSIX', () => {
    const run = (image: string, script = 'RUN source x') =>
      found(`FROM ${image}\n${script}\n`, 'source', { code: 3046 });
    expect(run('debian:13')).toBe('source');
    expect(run('alpine:3')).toBeUndefined();
    expect(run('acme/base', 'SHELL ["/bin/ash", "-c"]\nRUN source x')).toBeUndefined();
    expect(run('debian:13', 'RUN <<EOF\n#!/bin/busybox sh\nsource x\nEOF')).toBeUndefined();
    expect(found('FROM alpine:3\nRUN pushd x\n', 'pushd', { code: 3044 })).toBe('pushd');
  });

  test('what the builder sets is one word, unless the script sets it again', () => {
    expect(found('FROM a\nARG TARGETARCH\nRUN x $TARGETARCH\n', '$TARGETARCH')).toBeUndefined();
    expect(found('FROM a\nRUN x $TARGETARCH\n', '$TARGETARCH')).toBe('$TARGETARCH');
    expect(found('FROM a\nARG TARGETARCH\nRUN TARGETARCH=$(y); x $TARGETARCH\n', '$TARGETARCH')).toBe('$TARGETARCH');
  });
});

describe('repairs', () => {
  const at = (script: ShellScript, index: number, insertionPoint: string, replacement: string, length = 0) => {
    const line = script.text.slice(0, index).split('\n').length;
    const column = index - script.text.lastIndexOf('\n', index - 1);
    return { line, column, endLine: line, endColumn: column + length, insertionPoint, replacement };
  };

  function repaired(text: string, part: string, code: number, make: (script: ShellScript, index: number) => unknown[]) {
    const script = scriptsOf(text).at(-1);
    if (!script) throw new Error('no script');
    const fix = { replacements: make(script, script.text.indexOf(part)) } as Remark['fix'];
    const [finding] = shellCheckFindings(script, [remark(script, part, { code, fix })]);
    if (!finding?.fix) return undefined;
    const whole = { ...finding, rule: finding.code, aliases: [], fingerprint: '' };
    const source = { path: 'Dockerfile', text };
    const { text: after } = applyFixes(text, [{ ...whole, location: { source, span: finding.at } }], { unsafe: true });
    return { after, safe: finding.fix.safe };
  }

  test('insertions stay with the word, on its line', () => {
    const quote = (script: ShellScript, index: number) => [
      at(script, index, 'afterEnd', '"'),
      at(script, index + 2, 'beforeStart', '"'),
    ];
    expect(repaired('FROM a\nRUN x \\\n$v\\\n && y\n', '$v', 2086, quote)).toEqual({
      after: 'FROM a\nRUN x \\\n"$v"\\\n && y\n',
      safe: false,
    });
  });

  test('a replacement that keeps what the script does is safe', () => {
    const modern = (script: ShellScript, index: number) => [
      at(script, index, 'afterEnd', '$(', 1),
      at(script, index + 3, 'beforeStart', ')', 1),
    ];
    expect(repaired('FROM a\nRUN x `ls`\n', '`ls`', 2006, modern)).toEqual({
      after: 'FROM a\nRUN x $(ls)\n',
      safe: true,
    });
  });

  test('backslashes mean something else between backquotes', () => {
    const modern = (script: ShellScript, index: number) => [
      at(script, index, 'afterEnd', '$(', 1),
      at(script, index + 10, 'beforeStart', ')', 1),
    ];
    expect(repaired('FROM a\nRUN x `echo \\$y`z\n', '`echo \\$y`', 2006, modern)?.safe).toBe(false);
  });

  test.each([
    ['CMD ["sh", "-c", "x $v"]', 'CMD ["sh", "-c", "x \\"$v\\""]'],
    ['CMD ["sh", "-c", "\\"a\\"$v\\"b\\""]', 'CMD ["sh", "-c", "\\"a\\"\\"$v\\"\\"b\\""]'],
    ['CMD ["sh", "-c", "x\\n$v\\n"]', 'CMD ["sh", "-c", "x\\n\\"$v\\"\\n"]'],
    ["RUN sh -c 'x $v'", `RUN sh -c 'x "$v"'`],
    ['RUN sh -c "x \\$v"', undefined],
  ])('are quoted as the script is: %j', (line, expected) => {
    const quote = (script: ShellScript, index: number) => [
      at(script, index, 'afterEnd', '"'),
      at(script, index + 2, 'beforeStart', '"'),
    ];
    expect(repaired(`FROM a\n${line}\n`, '$v', 2086, quote)?.after).toBe(expected && `FROM a\n${expected}\n`);
  });

  test('a replacement reaches over escapes, and over no line end', () => {
    const replace = (length: number) => (script: ShellScript, index: number) => [
      at(script, index, 'afterEnd', 'z', length),
    ];
    expect(repaired('FROM a\nCMD ["sh", "-c", "\\"x\\" y"]\n', '"x"', 1, replace(3))?.after).toBe(
      'FROM a\nCMD ["sh", "-c", "z y"]\n',
    );
    expect(repaired('FROM a\nCMD ["sh", "-c", "x \\\n  y"]\n', 'x   y', 1, replace(5))).toBeUndefined();
    const single = (script: ShellScript, index: number) => [at(script, index, 'afterEnd', "'", 1)];
    expect(repaired("FROM a\nRUN sh -c 'x'\n", 'x', 1, single)).toBeUndefined();
  });

  test('what spans lines is not replaced', () => {
    const whole = (script: ShellScript, index: number) => [at(script, index, 'afterEnd', 'z', 5)];
    expect(repaired('FROM a\nRUN x \\\n  y\n', 'x   y', 2006, whole)).toBeUndefined();
  });
});

describe('beside the rules', () => {
  const external = {
    reports: (code: string) => /^SC2\d{3}$/i.test(code),
    *check(model: SemanticModel) {
      for (const script of shellScripts(model)) yield* shellCheckFindings(script, [remark(script, '$v')]);
    },
  };
  const reviewer: Rule = {
    id: 'review',
    category: 'style',
    severity: 'info',
    summary: '',
    why: '',
    examples: [],
    *check() {},
    *review({ suppressions }) {
      for (const { ids } of suppressions)
        for (const { id, span, isKnown, isActive, isUsed } of ids)
          yield { at: span, message: [id, isKnown, isActive, isUsed].join(' ') };
    },
  };
  const rules = ruleSet([reviewer]);
  const messages = (text: string) =>
    lint({ path: '', text }, rules, { external }).findings.map(({ rule, message }) => `${rule}: ${message}`);

  test('its findings are sorted in, with a fingerprint', () => {
    const { findings } = lint({ path: '', text: 'FROM a\nRUN x $v\n' }, rules, { external });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ rule: 'SC2086', aliases: [], severity: 'info', category: 'correctness' });
    expect(findings[0]?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each(['dlint-ignore SC2086', 'hadolint ignore=sc2086', 'dlint-ignore-file SC2086'])(
    '# %s silences them',
    (comment) => {
      const found = messages(`FROM a\n# ${comment}\nRUN x $v\n`);
      expect(found).toEqual([expect.stringMatching(/^review: \S+ true true true$/)]);
    },
  );

  test('an ignore that silences nothing is known as such; a code that is not looked for is neither known nor unused', () => {
    expect(messages('FROM a\n# hadolint ignore=SC2046,SC1091\nRUN x $v\n')).toEqual(
      ['review: SC2046 true true false', 'review: SC1091 false false false', 'SC2086: Double quote'].map((each) =>
        expect.stringContaining(each),
      ),
    );
  });
});
