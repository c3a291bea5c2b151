// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Dockerfile substitutions
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';

/** `«…»` marks the one place that a problem is expected at. */
function problemsOf(marked: string) {
  const text = marked.replace(/[«»]/g, '');
  const { problems } = parse({ path: 'Dockerfile', text });
  return problems.map(({ code, span }) => `${code}: ${mark(text, span.start, span.end)}`);
}

const mark = (text: string, start: number, end: number) =>
  `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`;
const behindFrom = (line: string) => `FROM a\n${line}`;

describe('a keyword that is one slip of the finger away', () => {
  const read = (text: string) => {
    const { instructions, problems } = parse({ path: 'Dockerfile', text });
    return [instructions.map(({ keyword }) => keyword).join(' '), problems.map(({ message }) => message).join('; ')];
  };

  it.each([
    ['FORM node', 'FROM', 'There is no instruction `FORM`'],
    ['FORM a\nRUN x', 'FROM RUN', 'There is no instruction `FORM`'],
    ['FR\\\nMO a\nRUN x', 'FROM RUN', 'There is no instruction `FRMO`'],
    ['FROM a\nRNU <<EOF\nx\nEOF', 'FROM RUN', 'There is no instruction `RNU`'],
    ['FROM a\nRUM x', 'FROM RUN', 'There is no instruction `RUM`'],
    ['FROM a\nONBUILD COPPY a b', 'FROM ONBUILD', 'There is no instruction `COPPY`'],
    ['FROM a\nENTRYPONT', 'FROM ENTRYPOINT', 'There is no instruction `ENTRYPONT`'],
    // More than a slip, or a word like others: nothing builds upon it.
    ['FROM a\nRUN x\nAND y', 'FROM RUN UNKNOWN', 'There is no instruction `AND`'],
    ['FROM a\nform b', 'FROM UNKNOWN', 'There is no instruction `form`'],
    ['FROM a\nFRXX b', 'FROM UNKNOWN', 'There is no instruction `FRXX`'],
    ['form a\nRUN x', 'UNKNOWN RUN', 'There is no instruction `form`'],
    ['form a\nRUN x\nFROM b', 'UNKNOWN RUN FROM', 'There is no instruction `form`'],
    ['hello\nRUN x', 'UNKNOWN RUN', 'There is no instruction `hello`; This file has no FROM'],
  ])('%j is read as %s', (text, keywords, messages) => expect(read(text)).toEqual([keywords, messages]));
});

describe('a problem is reported where it stands', () => {
  it.each([
    ['no-instructions', '«»'],
    ['no-instructions', '«»# only a comment\n'],
    ['no-from', '«RUN» x'],
    ['no-from', 'ARG a\n«RUN» x\nFROM a'],
    ['no-from', '«ARG» a'],
    ['missing-argument', '«FROM»'],
    ['missing-argument', 'FROM a «AS»'],
    ['invalid-argument', 'FROM a «b»'],
    ['invalid-argument', 'FROM a «b c»'],
    ['invalid-argument', 'FROM a AS b «c d»'],
    ['extra-argument', 'FROM a «# the base»'],
    ['extra-argument', 'FROM a AS b «# the base»'],
    ['invalid-argument', 'FROM a AS «1st»'],
    ['invalid-argument', 'FROM a AS «b/c»'],
    ['invalid-directive', '# escape=«x»\nFROM a'],
    ['invalid-directive', '# syntax=a\n«# syntax=b»\nFROM a'],
    ['invalid-argument', 'FROM «a:${b^^}»'],
    ['unterminated-quote', 'ARG a=«"b»\nFROM a'],
  ])('%s: %s', (code, marked) => expect(problemsOf(marked)).toEqual([`${code}: ${marked}`]));

  it.each([
    ['unknown-instruction', '«RUNN» x'],
    ['unknown-instruction', 'RUN a\n«&&» b\n&& c'],
    ['unknown-instruction', '«<<<<<<<» HEAD'],
    ['unknown-instruction', 'ONBUILD «COPPY» a b'],
    ['missing-argument', '«RUN»'],
    ['missing-argument', '«RUN» --network=none'],
    ['missing-argument', '«CMD»'],
    ['missing-argument', '«COPY»'],
    ['missing-argument', '«COPY» a'],
    ['missing-argument', '«ADD» ["a"]'],
    ['missing-argument', '«ENV»'],
    ['missing-argument', 'ENV «PATH»'],
    ['missing-argument', 'LABEL «a»'],
    ['missing-argument', '«ARG»'],
    ['missing-argument', '«EXPOSE»'],
    ['missing-argument', '«USER»'],
    ['missing-argument', '«VOLUME»'],
    ['missing-argument', '«VOLUME» []'],
    ['missing-argument', '«WORKDIR»'],
    ['missing-argument', '«STOPSIGNAL»'],
    ['missing-argument', '«MAINTAINER»'],
    ['missing-argument', '«ONBUILD»'],
    ['missing-argument', '«SHELL»'],
    ['missing-argument', '«SHELL» []'],
    ['missing-argument', '«HEALTHCHECK»'],
    ['missing-argument', 'HEALTHCHECK «CMD»'],
    ['missing-argument', 'HEALTHCHECK «CMD» []'],
    ['extra-argument', 'HEALTHCHECK NONE« curl»'],
    ['invalid-argument', 'HEALTHCHECK «curl» localhost'],
    ['invalid-argument', '«SHELL /bin/bash -c»'],
    ['invalid-argument', 'CMD ["a", «1», null]'],
    ['invalid-argument', 'CMD ["a", «[1, {"b": 2}]», "c"]'],
    ['invalid-argument', 'CMD [ "echo", «[ "nested" ]» ]'],
    ['invalid-argument', 'ENV a=b «c»'],
    ['invalid-argument', 'ENV a=b «=c»'],
    ['invalid-argument', 'ARG «=c»'],
    ['invalid-argument', 'VOLUME ["/a", «""»]'],
    ['invalid-argument', 'COPY a «<<EOF»\nEOF'],
    ['invalid-argument', 'ENV a=«${b:=c}»'],
    ['unterminated-quote', 'ENV a=«"b c»'],
    ['unterminated-quote', "LABEL maintainer «O'Brien»"],
    ['unterminated-quote', 'COPY «"a» /c'],
    ['unterminated-heredoc', 'RUN «<<EOF»\nx\n'],
    ['unterminated-heredoc', 'COPY <<A «<<B» /x\nA\n'],
    ['invalid-onbuild', 'ONBUILD «ONBUILD» RUN x'],
    ['invalid-onbuild', 'ONBUILD «FROM» a'],
    ['invalid-onbuild', 'ONBUILD «MAINTAINER» a'],
    ['missing-argument', 'ONBUILD «COPY» a'],
    ['empty-continuation', 'RUN a \\\n«\n»b'],
    ['unknown-flag', 'RUN «--mout=type=cache» x'],
    ['unknown-flag', 'COPY «--form=a» b c'],
    ['unknown-flag', 'ENV «--a» b=c'],
    ['unknown-flag', 'COPY «--toString=x» b c'],
    ['duplicate-flag', 'COPY --from=a «--from=b» c d'],
    ['invalid-flag', 'COPY «--from» c d'],
    ['invalid-flag', 'COPY «--link=» c d'],
    ['invalid-flag', 'COPY --link=«yes» c d'],
    ['invalid-flag', 'RUN --network=«hosts» x'],
    ['invalid-flag', 'HEALTHCHECK --interval=«30» CMD x'],
    ['invalid-flag', 'HEALTHCHECK --interval=«5sec» CMD x'],
    ['invalid-flag', 'HEALTHCHECK --timeout=«1us» CMD x'],
    ['invalid-flag', 'HEALTHCHECK --start-period=«-1s» CMD x'],
    ['invalid-flag', 'HEALTHCHECK --retries=«x» CMD x'],
    ['invalid-flag', 'HEALTHCHECK --retries=«-1» CMD x'],
    ['line-too-long', `«RUN ${'x'.repeat(65_532)}»`],
    ['line-too-long', `«RUN ${'é'.repeat(32_766)}»`],
  ])('%s: %s', (code, marked) => expect(problemsOf(behindFrom(marked))).toEqual([`${code}: ${behindFrom(marked)}`]));
});

describe('nothing is wrong with', () => {
  it.each([
    'RUN --mount=type=cache --mount=type=bind --network=none --security=insecure --device=a --device=b x',
    'COPY --from=a --chown=b --chmod=755 --link --parents --exclude=x --exclude=y c d',
    'ADD --keep-git-dir=true --checksum=sha256:a --chown=a --chmod=b --link=FALSE --unpack --exclude=x c d',
    'HEALTHCHECK --interval=1m30s --timeout=1.5h --start-period=0 --start-interval=500ms --retries=3 CMD x',
    'HEALTHCHECK NONE',
    'healthcheck none',
    'HEALTHCHECK CMD ["x"]',
    'ENTRYPOINT []',
    'CMD []',
    'ENTRYPOINT',
    'SHELL ["/bin/sh", "-c"]',
    "RUN echo it's fine # here",
    "CMD echo it's fine",
    "MAINTAINER O'Brien",
    "LABEL maintainer O\\'Brien",
    'ENV a="${b:?must be set}"',
    'ENV a=${b%%-*} c=${d//x/y}',
    'RUN --network=$net x',
    'ARG a b=c',
    'ONBUILD RUN x',
    'RUN a \\\n  # a comment\n  b',
    'RUN x \\',
    `RUN ${'x'.repeat(65_531)}`,
    `RUN ${'é'.repeat(32_765)}`,
    'FROM a AS B-1_x.y',
  ])('%s', (line) => expect(problemsOf(behindFrom(line))).toEqual([]));

  it.each([
    'ARG a\nFROM a',
    '//syntax=x\n',
    '{"syntax": "x"}',
    'FROM "a"',
    '# syntax=x\nFROM scratch',
    '\uFEFFFROM a\r\n',
  ])('%j', (text) => expect(problemsOf(text)).toEqual([]));
});

describe('help', () => {
  const help = (line: string) => parse({ path: '', text: behindFrom(line) }).problems[0]?.help;

  it.each([
    ['RNU x', 'Did you mean RUN?'],
    ['ENTRYPOIN x', 'Did you mean ENTRYPOINT?'],
    ['COPY --form=a b c', 'Did you mean --from?'],
    ['HEALTHCHECK --intervall=3s CMD x', 'Did you mean --interval?'],
    ['RUN a `\n  b', 'The line above ends with `, which continues it only under the directive # escape=`'],
    ['RUN a\n  b', 'To continue the instruction above, end its line with \\; to comment, begin with #'],
    ['USER --x a', 'USER takes no flags'],
    ['FROM --x=y a', 'FROM takes --platform'],
    ['ENV X', 'Write X=value'],
  ])('%s: %s', (line, expected) => expect(help(line)).toBe(expected));

  it('tells of characters that nobody sees', () => {
    const problem = (line: string) => parse({ path: '', text: behindFrom(line) }).problems[0];
    expect(problem('\u200bRUN x')?.message).toBe(
      'There is no instruction `RUN`: a character in it does not show (U+200B)',
    );
    expect(problem('\u200bRUN x')?.help).toBe('Type the word anew');
    expect(problem('RUN\u00a0x y')?.message).toBe(
      'There is no instruction `RUN x`: the blank in it is not a space (U+00A0)',
    );
    expect(problem('RUN\u00a0x y')?.help).toBe('Type a space in its place');
  });

  it('is there for every problem', () => {
    const text = 'RUN\nFROM a b\nFOO\nCOPY a\nENV a=b c\nCMD [1]\nRUN <<X\n';
    const { problems } = parse({ path: '', text });
    expect(problems).toHaveLength(8);
    for (const problem of problems) expect(problem.help).toBeTruthy();
  });
});
