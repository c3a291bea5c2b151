// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Dockerfile substitutions
import { describe, expect, it } from 'vitest';
import { foldedOffset } from '../../src/lint/fold.ts';
import { parse } from '../../src/lint/parse.ts';
import type { Copy, From, Instruction, Onbuild, Pairs, Plain, Run } from '../../src/lint/syntax.ts';
import type { Span } from '../../src/report/finding.ts';
import { lineStarts, positionAt } from '../../src/report/position.ts';
import { cpuTime } from '../support/cpu-time.ts';

const read = (text: string) => parse({ path: 'Dockerfile', text });
const first = <T extends Instruction>(text: string) => read(text).instructions[0] as T;
const second = <T extends Instruction>(text: string) => read(text).instructions[1] as T;
const cut = (text: string, span: Span | undefined) => (span ? text.slice(span.start, span.end) : undefined);

describe('items', () => {
  it('follow each other', () => {
    const text = '\uFEFF# syntax=a\r\n\r\n  # note\r\n  from a \r\n\r\n';
    const kinds = read(text).items.map(({ kind, span }) => [kind, text.slice(span.start, span.end)]);
    expect(kinds).toEqual([
      ['space', '\uFEFF'],
      ['directive', '# syntax=a'],
      ['space', '\r\n\r\n  '],
      ['comment', '# note'],
      ['space', '\r\n  '],
      ['instruction', 'from a'],
      ['space', ' \r\n\r\n'],
    ]);
  });

  it('leave blank and comment lines behind a last continuation outside', () => {
    const text = 'FROM a\nRUN x \\\n# one\n\n';
    const { items } = read(text);
    expect(items.map(({ kind, span }) => [kind, text.slice(span.start, span.end)])).toEqual([
      ['instruction', 'FROM a'],
      ['space', '\n'],
      ['instruction', 'RUN x \\'],
      ['space', '\n'],
      ['comment', '# one'],
      ['space', '\n\n'],
    ]);
  });

  it('keep comments and blank lines inside an instruction with it', () => {
    const text = 'FROM a\nRUN x \\\n  # one\n\n  y';
    const run = second<Run>(text);
    expect(run.comments.map((span) => cut(text, span))).toEqual(['# one']);
    expect(run.blanks.map((span) => cut(text, span))).toEqual(['\n']);
    expect(cut(text, run.span)).toBe('RUN x \\\n  # one\n\n  y');
    expect(run.script?.text).toBe('x   y');
  });
});

describe('directives', () => {
  it('give name, value and places', () => {
    const text = '# Escape = `\n#check=skip=all;error=true\nFROM a\nRUN a `\n b\\\nENV x=y';
    const dockerfile = read(text);
    const { directives, instructions } = dockerfile;
    expect(dockerfile.escape).toBe('`');
    expect(directives.map(({ name, value }) => [name, value])).toEqual([
      ['escape', '`'],
      ['check', 'skip=all;error=true'],
    ]);
    expect(directives.map(({ valueSpan }) => cut(text, valueSpan))).toEqual(['`', 'skip=all;error=true']);
    expect(instructions.map(({ keyword }) => keyword)).toEqual(['FROM', 'RUN', 'ENV']);
  });

  it.each([
    '\n# escape=`',
    '# a comment\n# escape=`',
    '# foo=bar\n# escape=`',
    '#!/x\n# escape=`',
    'FROM a\n# escape=`',
  ])('are over: %j', (text) => expect(read(text).escape).toBe('\\'));

  it('stand behind a byte order mark', () => expect(read('\uFEFF# escape=`\nFROM a').escape).toBe('`'));
});

describe('words', () => {
  it('are placed by line and column across continuations', () => {
    const text = 'FROM a\r\nCOPY \\\r\n  one \\\r\n\ttw\\\r\no /';
    const { sources } = second<Copy>(text);
    const starts = lineStarts(text);
    expect(sources.map(({ raw, span }) => [raw, positionAt(starts, span.start), positionAt(starts, span.end)])).toEqual(
      [
        ['one', { line: 3, column: 3 }, { line: 3, column: 6 }],
        ['two', { line: 4, column: 2 }, { line: 5, column: 2 }],
      ],
    );
  });

  it('count columns in UTF-16 units', () => {
    const text = 'FROM 𝒳 AS b';
    expect(first<From>(text).name?.span).toEqual({ start: 11, end: 12 });
  });

  it('know stage, image and AS', () => {
    const text = 'from --platform=$BUILDPLATFORM "alpine:3" aS Build';
    const from = first<From>(text);
    expect([from.keyword, cut(text, from.keywordSpan), cut(text, from.as)]).toEqual(['FROM', 'from', 'aS']);
    expect([from.image?.raw, from.image?.text, from.name?.text]).toEqual(['"alpine:3"', 'alpine:3', 'Build']);
    expect(from.flags).toMatchObject([{ name: 'platform', value: '$BUILDPLATFORM' }]);
  });

  it('are found in ENV and LABEL of both forms', () => {
    const pairs = (text: string) => first<Pairs>(text).pairs.map(({ key, value }) => [key.text, value?.text]);
    expect(pairs('ENV a="b c" d=\'e f\' g=h\\ i j=')).toEqual([
      ['a', 'b c'],
      ['d', 'e f'],
      ['g', 'h i'],
      ['j', ''],
    ]);
    expect(pairs("ENV a='b\\' c=d")).toEqual([
      ['a', 'b\\'],
      ['c', 'd'],
    ]);
    expect(pairs('ENV a b  "c d"')).toEqual([['a', 'b  c d']]);
    expect(pairs('LABEL "a b"="c"')).toEqual([['a b', 'c']]);
    expect(pairs('ARG a b=c d=')).toEqual([
      ['a', undefined],
      ['b', 'c'],
      ['d', ''],
    ]);
    expect(first<Pairs>('ENV a b').equals).toBe(false);
    expect(first<Pairs>('ENV a=b').equals).toBe(true);
  });

  it('of a JSON array are decoded', () => {
    const text = 'FROM a\nCOPY [ "a b", "c\\"\\u00e9" , "/d/" ]';
    const { form, sources, target } = second<Copy>(text);
    expect(form).toBe('exec');
    expect(sources.map(({ text: decoded }) => decoded)).toEqual(['a b', 'c"é']);
    expect(sources.map(({ span }) => cut(text, span))).toEqual(['"a b"', '"c\\"\\u00e9"']);
    expect(target?.text).toBe('/d/');
  });

  it.each(['["a",]', "['a']", '["a"', '["a"] b', '[a]', '[1'])('fall back to the shell form: %s', (args) => {
    const run = first<Run>(`CMD ${args}`);
    expect([run.form, run.script?.text, run.words]).toEqual(['shell', args, []]);
  });

  it('of WORKDIR and USER are the rest of the line', () => {
    expect(first<Plain>('WORKDIR "/a b" c').words.map(({ text }) => text)).toEqual(['/a b c']);
    expect(first<Plain>('EXPOSE 80 443/tcp').words.map(({ text }) => text)).toEqual(['80', '443/tcp']);
  });

  it('keep a backslash where the escape is a backtick', () => {
    expect(second<Plain>('# escape=`\nFROM a\nWORKDIR c:\\a\\').words[0]?.text).toBe('c:\\a\\');
  });
});

describe('the script of RUN', () => {
  it('leads back to the file', () => {
    const text = 'FROM a\nRUN --mount=type=cache,target=/c \\\n  # why\n  apt-get \\\n  install';
    const { script } = second<Run>(text);
    if (!script) throw new Error('no script');
    expect(script.text).toBe('apt-get   install');
    for (let i = 0; i < script.text.length; i++) expect(text[foldedOffset(script, i)]).toBe(script.text[i]);
  });

  it('may begin lines below its keyword, and the keyword below a lone continuation', () => {
    expect(second<Run>('FROM a\n\\\n  RUN \\\n\\\n  x').script).toEqual({
      text: 'x',
      segments: [{ at: 0, offset: 21 }],
    });
  });

  it('is absent where there is none', () => {
    expect(first<Run>('RUN')).not.toHaveProperty('script');
    expect(first<Run>('RUN --network=none')).not.toHaveProperty('script');
  });
});

describe('flags', () => {
  const flags = (args: string) => first<Run>(`RUN ${args}`).flags.map(({ name, value }) => [name, value]);
  const script = (args: string) => first<Run>(`RUN ${args}`).script?.text;

  it('are leading words with two dashes', () => {
    expect(flags('--a=b --c --d= x --e')).toEqual([
      ['a', 'b'],
      ['c', undefined],
      ['d', ''],
    ]);
    expect(script('--a=b x --e')).toBe('x --e');
  });

  it('do not begin with one dash', () => {
    expect(flags('-x --y')).toEqual([]);
    expect(script('-x --y')).toBe('-x --y');
  });

  it('end at --', () => {
    expect(flags('--a -- --b')).toEqual([['a', undefined]]);
    expect(script('--a -- --b')).toBe('--b');
  });

  it('lose their quotes and backslashes', () => {
    const text = `RUN --a="b c"\\ d'e' x`;
    const [flag] = first<Run>(text).flags;
    expect(flag?.value).toBe('b c de');
    expect(cut(text, flag?.valueSpan)).toBe(`"b c"\\ d'e'`);
    expect(cut(text, flag?.span)).toBe(`--a="b c"\\ d'e'`);
  });
});

describe('heredocs', () => {
  it('belong to the instruction, terminator included', () => {
    const text = 'FROM a\nRUN <<-EOF cat\n\tone\n\tEOF\nUSER b';
    const run = second<Run>(text);
    expect(cut(text, run.span)).toBe('RUN <<-EOF cat\n\tone\n\tEOF');
    expect(run.script?.text).toBe('<<-EOF cat');
    const [heredoc] = run.heredocs;
    expect(heredoc).toMatchObject({ name: 'EOF', expand: true, chomp: true, fd: 0 });
    expect([cut(text, heredoc?.span), cut(text, heredoc?.body), cut(text, heredoc?.terminator)]).toEqual([
      '<<-EOF',
      '\tone\n',
      '\tEOF',
    ]);
    expect(read(text).instructions.map(({ keyword }) => keyword)).toEqual(['FROM', 'RUN', 'USER']);
  });

  it('stand within ONBUILD too', () => {
    const text = 'FROM a\nONBUILD COPY <<A <<B /x\n1\nA\n2\nB\nRUN y';
    const onbuild = second<Onbuild>(text);
    const copy = onbuild.instruction as Copy;
    expect(copy.heredocs.map(({ body }) => cut(text, body))).toEqual(['1\n', '2\n']);
    expect([cut(text, onbuild.span), cut(text, copy.span)]).toEqual([
      'ONBUILD COPY <<A <<B /x\n1\nA\n2\nB',
      'COPY <<A <<B /x\n1\nA\n2\nB',
    ]);
    expect(read(text).problems).toEqual([]);
  });

  it('end with CRLF as with LF', () => {
    const text = 'FROM a\r\nCOPY <<EOF /x\r\none\r\nEOF\r\nUSER b';
    expect(cut(text, second<Copy>(text).heredocs[0]?.body)).toBe('one\r\n');
    expect(read(text).instructions).toHaveLength(3);
  });

  it('run to the end of the file when they never end', () => {
    const text = 'FROM a\nRUN <<EOF\none\n EOF\n';
    const [heredoc] = second<Run>(text).heredocs;
    expect(heredoc).not.toHaveProperty('terminator');
    expect(cut(text, heredoc?.body)).toBe('one\n EOF\n');
    expect(read(text).problems).toMatchObject([{ code: 'unterminated-heredoc', span: { start: 11, end: 16 } }]);
  });

  it.each(['CMD <<EOF', 'RUN ["<<EOF"]', "RUN echo '<<EOF'", "RUN <<EOF echo it's", 'USER <<EOF'])(
    'are none: %s',
    (line) => {
      expect(read(`FROM a\n${line}\nUSER b`).instructions.map(({ keyword }) => keyword)).toHaveLength(3);
    },
  );
});

describe('ONBUILD', () => {
  it('holds an instruction', () => {
    const text = 'FROM a\nONBUILD \\\n run --network=none x';
    const { instruction } = second<Onbuild>(text);
    expect(instruction).toMatchObject({ keyword: 'RUN', script: { text: 'x' }, flags: [{ name: 'network' }] });
    expect(cut(text, instruction?.keywordSpan)).toBe('run');
  });

  it('holds none in the second degree', () => {
    const onbuild = first<Onbuild>('ONBUILD ONBUILD RUN x');
    expect((onbuild.instruction as Onbuild).instruction).toBeUndefined();
  });
});

describe('a broken instruction', () => {
  it.each(['RUNN x', 'FROM', 'COPY', 'ENV x', 'HEALTHCHECK foo', 'CMD [1]', 'ONBUILD', '"', '\\', '--x', '[]'])(
    'does not touch the one behind it: %s',
    (line) => {
      const { instructions } = read(`FROM a\n${line}\n\nRUN fine\n`.replace('\\\n\n', ' \n'));
      expect(instructions.at(-1)).toMatchObject({ keyword: 'RUN', script: { text: 'fine' } });
    },
  );
});

describe('time', () => {
  const within = (name: string, text: string) =>
    it(name, () => {
      const start = cpuTime();
      read(text);
      expect(cpuTime() - start).toBeLessThan(4000);
    });
  within('50,000 stages', 'FROM alpine AS a\n'.repeat(50_000));
  within('100,000 words', `FROM a\nCOPY ${'word '.repeat(100_000)}`);
  within('100,000 pairs', `FROM a\nENV ${'a="b $c" '.repeat(100_000)}`);
  within('10,000 nested quotes', `FROM a\nENV a=${`"'`.repeat(10_000)}`);
  within('100,000 continuation lines', `FROM a\nRUN x${' \\\n  y'.repeat(100_000)}`);
  within('100,000 pairs on lines of their own', `FROM a\nENV ${' \\\n  y=1'.repeat(100_000)}`);
  within('100,000 open braces behind a heredoc mark', `FROM a\nRUN <<${'${a:-'.repeat(100_000)}`);
  within('100,000 times ONBUILD', `FROM a\n${'ONBUILD '.repeat(100_000)}`);
  within('a JSON array 100,000 deep', `FROM a\nCMD ${'['.repeat(100_000)}${']'.repeat(100_000)}`);
});
