import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { assignedVariables } from '../../src/lint/semantic/assignments.ts';
import { analyze } from '../../src/lint/semantic.ts';
import { cpuTime } from '../support/cpu-time.ts';

function modelOf(run: string, shell: 'powershell' | 'cmd') {
  const set = shell === 'cmd' ? 'SHELL ["cmd", "/S", "/C"]' : 'SHELL ["powershell", "-Command"]';
  return analyze(parse({ path: 'Dockerfile', text: `# escape=\`\nFROM x:1\n${set}\nRUN ${run}\n` }));
}

function linesOf(run: string, shell: 'powershell' | 'cmd'): string[] {
  const { allCommands, commands } = modelOf(run, shell);
  expect(commands).toEqual([]);
  return allCommands.map(({ command: { name, words } }) => [name, ...words.slice(1).map(({ text }) => text)].join(' '));
}

describe('PowerShell', () => {
  test.each<[run: string, expected: string[]]>([
    ['a b; c', ['a b', 'c']],
    ['a && b || c | d', ['a', 'b', 'c', 'd']],
    ['a `\n  b ; `\n  c', ['a b', 'c']],
    ["a b`;c \"d `\"e`\" f\" 'g ''h'' $i'", ['a b;c d "e" f g \'h\' $i']],
    ["& 'C:\\Program Files\\pip.exe' install x", ['pip install x']],
    ['. .\\a.ps1', ['a.ps1']],
    ['C:\\x\\NPM.cmd i', ['npm i']],
    ['a # b ; c', ['a']],
    ['a $env:X ${env:Y} $z $(b; c) (d)', ['a ${X} ${Y} $z $(b; c) (d)']],
    ['$x = a; [A]::B("c;d"); (New-Object c).d(); "a" ; @(1) | b', ['b']],
    ['if ($a -and ($b)) { c d } elseif($e) { f } else { g }; h', ['c d', 'f', 'g', 'h']],
    ['foreach ($a in 1..2) { b }; try { c } catch { throw } finally { d }', ['b', 'c', 'd']],
    ['a | ForEach-Object { b; $_.c } | d', ['a', 'foreach-object { b; $_.c }', 'd']],
    ['a > b 2>&1; c 2>$null', ['a', 'c']],
    ['curl x; curl.exe y; iwr z; sl w', ['invoke-webrequest x', 'curl y', 'invoke-webrequest z', 'cd w']],
    ['return a; exit 1; b', ['b']],
    ['cmd /c "a & b"', ['cmd /c a & b', 'a', 'b']],
  ])('%s', (run, expected) => {
    expect(linesOf(run, 'powershell')).toEqual(expected);
  });
});

describe('what a statement sets', () => {
  const settings = (run: string, shell: 'powershell' | 'cmd') => {
    const model = modelOf(run, shell);
    const { text } = model.dockerfile.source;
    return assignedVariables(model).map(({ name, value, span }) => [
      `${name}=${value?.text}`,
      value && text.slice(value.span.start, value.span.end),
      text.slice(span.start, span.end),
    ]);
  };

  test.each<[run: string, expected: string[][]]>([
    ["$env:A = 'b c'; d", [['A=b c', "'b c'", "$env:A = 'b c'"]]],
    ["$env:A='b'", [['A=b', "'b'", "$env:A='b'"]]],
    ["${env:A} ='it''s'", [["A=it's", "'it''s'", "${env:A} ='it''s'"]]],
    ['if ($x) { $a = "b" }', [['a=b', '"b"', '$a = "b"']]],
    [
      "[System.Environment]::SetEnvironmentVariable('A', 'b', 'Machine')",
      [['A=b', "'b'", "[System.Environment]::SetEnvironmentVariable('A', 'b'"]],
    ],
    [
      '[environment]::setenvironmentvariable("A","b"); c',
      [['A=b', '"b"', '[environment]::setenvironmentvariable("A","b"']],
    ],
    ['setx /M A "b c"', [['A=b c', '"b c"', 'A "b c"']]],
    ['cmd /c "set A=b"', [['A=b', 'b', 'set A=b']]],
    ["$env:A = \"$b\"; $env:A = $b; $env:A = b; $env:A = '{0}' -f $b; $a.b = 'c'; $env:A += 'b'; 'b'", []],
    ["[Environment]::GetEnvironmentVariable('A', 'b'); [Environment]::SetEnvironmentVariable('A', $b)", []],
  ])('PowerShell: %s', (run, expected) => expect(settings(run, 'powershell')).toEqual(expected));

  test.each<[run: string, expected: string[][]]>([
    ['set A=b c & d', [['A=b c', 'b c', 'set A=b c']]],
    ['set "A=b"', [['A=b', 'b', 'set "A=b']]],
    ['setx A b', [['A=b', 'b', 'A b']]],
    ['powershell -Command "$env:A = \'b\'"', [['A=b', "'b'", "$env:A = 'b'"]]],
    ['set A=%B% & set /p A=b & set A= & set A', []],
  ])('cmd: %s', (run, expected) => expect(settings(run, 'cmd')).toEqual(expected));
});

describe('cmd', () => {
  test.each<[run: string, expected: string[]]>([
    ['a b & c && d || e | f', ['a b', 'c', 'd', 'e', 'f']],
    ['a "b & c" d^&e', ['a b & c d&e']],
    ['a; b', ['a; b']],
    ['@a.exe %X% %%i %~dp0', ['a ${X} % i %~dp0'.replace('% i', '%%i')]],
    ['call a b', ['a b']],
    ['(a && b) & c', ['a', 'b', 'c']],
    ['a (b) c) & d', ['a (b) c)', 'd']],
    ['if exist x (a) else (b) & c', ['a', 'b', 'c']],
    ['for %%i in (x y) do a', ['a']],
    ['for %%i in (x) do (a & b)', ['a', 'b']],
    ['rem a & b', []],
    [':: a & b', []],
    ['a>b 2>&1', ['a']],
    ['chdir x & CD y', ['cd x', 'cd y']],
    ['powershell -NoProfile -ExecutionPolicy Bypass -Command a b ; c', [expect.any(String), 'a b', 'c']],
    ['powershell "a; b"', ['powershell a; b', 'a', 'b']],
    ['powershell -File a.ps1', ['powershell -File a.ps1']],
    ['cmd /S /C a', ['cmd /S /C a', 'a']],
  ])('%s', (run, expected) => {
    expect(linesOf(run, 'cmd')).toEqual(expected);
  });
});

test('places are exact, also in quoted scripts', () => {
  const text =
    '# escape=`\nFROM mcr.microsoft.com/windows/servercore:1\nRUN dir && `\n  powershell "ls; npm `\n install \'b\'"\n';
  const { allCommands } = analyze(parse({ path: 'Dockerfile', text }));
  const npm = allCommands.find(({ command }) => command.name === 'npm')?.command;
  expect(npm?.words.map(({ span }) => text.slice(span.start, span.end))).toEqual(['npm', 'install', "'b'"]);
  expect(text.slice(npm?.span.start, npm?.span.end)).toBe("npm `\n install 'b'");
});

test('how commands hang together', () => {
  const { allCommands } = modelOf('a && b | c; if ($d) { e }', 'powershell');
  expect(
    allCommands.map(({ command: c }) => [c.name, c.before, c.chain, c.pipeline.position, c.nesting.join()]),
  ).toEqual([
    ['a', 'start', 1, 0, ''],
    ['b', '&&', 1, 0, ''],
    ['c', '|', 1, 1, ''],
    ['e', 'start', expect.any(Number), 0, 'branch'],
  ]);
});

test('what a POSIX shell runs is in both lists', () => {
  const { commands, allCommands } = analyze(parse({ path: '', text: 'FROM a:1\nRUN b; c\n' }));
  expect(allCommands).toEqual(commands);
});

describe.each(['powershell', 'cmd'] as const)('hostile scripts of %s', (shell) => {
  test.each(['(', '{', 'if {', "'", '"', '$(', 'a;', 'a & ', 'a|', '`', '%', '^', '>', 'cmd /c ', 'powershell "'])(
    'of many %s end soon',
    (piece) => {
      const before = cpuTime();
      expect(modelOf(piece.repeat(20_000), shell).allCommands.length).toBeLessThanOrEqual(40_000);
      expect(cpuTime() - before).toBeLessThan(2000);
    },
  );

  test('never throw, and every word lies in its instruction', () => {
    const pieces = [
      'a',
      ' ',
      '"',
      "'",
      '$(',
      ')',
      '`',
      '\n',
      '|',
      '&&',
      ';',
      '{',
      '}',
      'if ',
      '(',
      '$x',
      '#',
      '%A%',
      '>',
    ];
    const script = fc.array(fc.constantFrom(...pieces, 'cmd /c ', 'powershell '), { maxLength: 40 });
    fc.assert(
      fc.property(script, (parts) => {
        for (const { command, step } of modelOf(parts.join(''), shell).allCommands) {
          for (const { span } of command.words) {
            expect(span.start).toBeGreaterThanOrEqual(step.instruction.span.start);
            expect(span.end).toBeLessThanOrEqual(step.instruction.span.end);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
