import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { type AnalyzeOptions, analyze, parseReference, type SemanticModel } from '../../src/lint/semantic.ts';
import { cpuTime } from '../support/cpu-time.ts';

function modelOf(text: string, options?: AnalyzeOptions): SemanticModel {
  return analyze(parse({ path: 'Dockerfile', text }), options);
}

/** The variables before the last step. */
function variableIn(text: string, name: string, options?: AnalyzeOptions): string | undefined {
  return modelOf(text, options).steps.at(-1)?.env.get(name)?.value;
}

describe('a file without FROM', () => {
  it('is read as one stage on an image that nobody knows', () => {
    const { stages, steps, globalArgs } = modelOf('ARG V=1\nENV X=v$V\nRUN make');
    expect(stages).toHaveLength(1);
    expect(stages[0]).toMatchObject({ base: { kind: 'unknown' }, isFinal: true });
    expect(steps.map(({ instruction }) => instruction.keyword)).toEqual(['ARG', 'ENV', 'RUN']);
    expect(steps[2]?.env.get('X')?.value).toBe('v1');
    expect([...globalArgs.names()]).not.toContain('V');
  });

  it('has no stage when only ARG is there', () => {
    const { stages, globalArgs } = modelOf('ARG V=1\n');
    expect(stages).toEqual([]);
    expect(globalArgs.get('V')?.value).toBe('1');
  });
});

describe('variables', () => {
  it.each([
    ['ENV is inherited by stages', 'FROM a:1 AS b\nENV X=1\nFROM b AS c\nFROM c\nRUN a', '1'],
    ['and so is ARG', 'FROM a:1 AS b\nARG X=1\nFROM b\nRUN a', '1'],
    ['also when it is declared again', 'FROM a:1 AS b\nARG X=1\nFROM b\nARG X\nRUN a', '1'],
    ['but not by stages that start elsewhere', 'FROM a:1 AS b\nARG X=1\nFROM a:1\nRUN a', undefined],
    ['nor an ENV that comes after', 'FROM a:1\nRUN a\nENV X=1\nFROM a:1\nRUN a', undefined],
    ['ENV beats ARG', 'FROM a:1\nENV X=1\nARG X=2\nRUN a', '1'],
    ['ENV after ARG', 'FROM a:1\nARG X=2\nENV X=1\nRUN a', '1'],
    ['an ENV made of an ARG', 'FROM a:1\nARG V=3\nENV X=v$V\nRUN a', 'v3'],
    ['all pairs see what was before', 'FROM a:1\nENV X=1\nENV X=2 Y=$X\nENV X=$Y\nRUN a', '1'],
    ['a global ARG reaches a stage by ARG only', 'ARG X=1\nFROM a:1\nARG X\nRUN a', '1'],
    ['and not without', 'ARG X=1\nFROM a:1\nRUN a', undefined],
    ['an ARG without a default is unknown', 'FROM a:1\nARG Z\nENV X=$Z\nRUN a', undefined],
    ['what a base image may bring is unknown', 'FROM a:1\nENV X=$PATH:/x\nRUN a', undefined],
    ['below scratch there is nothing', 'FROM scratch\nENV X=$PATH:/x\nRUN a', ':/x'],
    ['below scratch through a stage, too', 'FROM scratch AS s\nFROM s\nENV X=$PATH:/x\nRUN a', ':/x'],
    ['ARG pairs are set one by one', 'FROM scratch\nARG A=1 X=$A\nRUN a', '1'],
  ])('%s', (_, text, value) => {
    expect(variableIn(text, 'X')).toBe(value);
  });

  it('have a kind and a place', () => {
    const env = modelOf('FROM a:1\nARG X=1\nENV Y=2\nARG TARGETARCH\nRUN a').steps.at(-1)?.env;
    expect([...(env?.names() ?? [])]).toEqual(['X', 'Y', 'TARGETARCH']);
    expect(env?.get('X')).toMatchObject({ kind: 'arg', pair: { key: { text: 'X' } } });
    expect(env?.get('Y')?.kind).toBe('env');
    expect(env?.get('TARGETARCH')?.value).toBeUndefined();
    expect(env?.has('Z')).toBe(false);
  });

  it('are filled in as they are before a step', () => {
    const [, , env, last] = modelOf('FROM a:1\nARG X=1\nARG N\nENV X=2 Y="$X b"\nUSER a').steps;
    expect(env?.expand('"$X b"')).toEqual({ text: '1 b', unmatched: [] });
    expect(last?.expand('$X$Y')).toEqual({ text: '21 b', unmatched: [] });
    expect(last?.expand('$N$Z')).toEqual({ unmatched: ['N', 'Z'] });
    expect(last?.expand('"${Z:-z}')).not.toHaveProperty('text');
    expect(modelOf('FROM scratch\nUSER a').steps[0]?.expand('${Z:-z}')).toEqual({ text: 'z', unmatched: ['Z'] });
  });

  it('are set by the build', () => {
    const buildArgs = new Map([
      ['X', '9'],
      ['TARGETARCH', 'arm64'],
    ]);
    expect(variableIn('FROM a:1\nARG X=1\nRUN a', 'X', { buildArgs })).toBe('9');
    expect(variableIn('ARG X=1\nFROM a:1\nARG X\nRUN a', 'X', { buildArgs })).toBe('9');
    expect(modelOf('FROM a:$TARGETARCH', { buildArgs }).images[0]?.expanded).toBe('a:arm64');
  });

  it('take memory in proportion to the file', () => {
    const text = `FROM scratch\n${Array.from({ length: 20_000 }, (_, i) => `ENV V${i}=${i}`).join('\n')}\nRUN a`;
    const before = cpuTime();
    expect(variableIn(text, 'V19999')).toBe('19999');
    expect(cpuTime() - before).toBeLessThan(4000);
  });
});

describe('stages', () => {
  it('know their base', () => {
    const { stages } = modelOf(
      'ARG B=alpine\nFROM $B:3 AS Build\nFROM build\nFROM scratch\nFROM $X\nFROM ${Y:-z}\nFROM UPPER',
    );
    expect(stages.map(({ base }) => base.kind)).toEqual(['image', 'stage', 'scratch', 'unknown', 'image', 'unknown']);
    expect(stages[0]).toMatchObject({ name: 'build', base: { image: { repository: 'library/alpine', tag: '3' } } });
    expect(stages[1]?.base).toMatchObject({ stage: { index: 0 } });
  });

  it('know whether they are needed and shipped', () => {
    const text =
      'FROM a:1 AS a\nFROM a:1 AS b\nFROM b AS c\nFROM a:1 AS d\nFROM c\nCOPY --from=a / /\nRUN --mount=from=3,target=/x ls';
    const { stages, finalStage } = modelOf(text);
    expect(stages.map(({ isReachable }) => isReachable)).toEqual([true, true, true, true, true]);
    expect(stages.map(({ isShipped }) => isShipped)).toEqual([false, true, true, false, true]);
    expect(finalStage?.index).toBe(4);
    expect(finalStage?.dependsOn.map(({ index }) => index)).toEqual([2, 0, 3]);
    const target = modelOf(text, { target: 'B' }).stages;
    expect(target.map(({ isReachable }) => isReachable)).toEqual([false, true, false, false, false]);
    expect(target.map(({ isFinal }) => isFinal)).toEqual([false, true, false, false, false]);
    expect(modelOf(text, { target: '0' }).finalStage?.index).toBe(0);
    expect(modelOf(text, { target: 'none' }).finalStage?.index).toBe(4);
  });

  it('may refer to each other in a circle', () => {
    const { stages } = modelOf('FROM a:1 AS a\nCOPY --from=b / /\nFROM a:1 AS b\nCOPY --from=a / /\nCOPY --from=b / /');
    expect(stages.every(({ isReachable }) => isReachable)).toBe(true);
  });

  it('inherit user, folder and shell', () => {
    const text =
      'FROM a:1 AS a\nUSER app\nWORKDIR /srv\nWORKDIR x/../y\nSHELL ["/bin/bash","-c"]\nFROM a\nRUN a\nFROM a:1\nWORKDIR rel\nRUN a';
    const { stages } = modelOf(text);
    expect(stages[1]?.steps[0]).toMatchObject({
      user: 'app',
      workdir: '/srv/y',
      shell: { dialect: 'bash', isSet: true },
    });
    expect(stages[2]?.steps[1]?.user).toBeUndefined();
    expect(stages[2]?.steps[1]?.workdir).toBeUndefined();
    expect(stages[2]?.shell).toMatchObject({ dialect: 'sh', isSet: false });
  });
});

describe('steps', () => {
  it('behind ONBUILD are marked, and change nothing here', () => {
    const { stages, commands } = modelOf(
      'FROM a:1\nONBUILD RUN pip install x\nONBUILD USER app\nONBUILD ENV X=1\nRUN a',
    );
    expect(stages[0]?.steps.map(({ deferred, instruction }) => [deferred, instruction.keyword])).toEqual([
      [true, 'RUN'],
      [true, 'USER'],
      [true, 'ENV'],
      [false, 'RUN'],
    ]);
    expect(stages[0]?.user).toBeUndefined();
    expect(stages[0]?.env.has('X')).toBe(false);
    expect(commands.map(({ command }) => command.name)).toEqual(['pip', 'a']);
  });

  it('keep CMD out of the commands of the build', () => {
    const { commands, steps } = modelOf(
      'FROM a:1\nCMD a\nHEALTHCHECK CMD b || exit 1\nENTRYPOINT ["c"]\nHEALTHCHECK NONE',
    );
    expect(commands).toEqual([]);
    expect(steps.map((step) => step.commands.map(({ name }) => name))).toEqual([['a'], ['b', 'exit'], ['c'], []]);
  });

  it('know their mounts', () => {
    const text =
      'FROM a:1\nARG D=/c\nRUN --mount=type=cache,dst=$D,id=x,sharing=locked --mount=type=bind,from=alpine:3,source=/s,target=/t,rw --mount=type=secret,id=k,env=K,required a';
    const step = modelOf(text).steps.at(-1);
    expect(step?.mounts).toMatchObject([
      { type: 'cache', target: '/c', id: 'x', sharing: 'locked', readonly: false },
      { type: 'bind', source: '/s', target: '/t', from: 'alpine:3', readonly: false },
      { type: 'secret', id: 'k', env: 'K', required: true },
    ]);
    const field = step?.mounts[1]?.fields.find(({ key }) => key === 'from');
    expect(text.slice(field?.valueSpan.start, field?.valueSpan.end)).toBe('alpine:3');
  });

  it('know what is copied', () => {
    const text =
      'FROM a:1 AS b\nARG V=2\nCOPY "x" z$V /to/\nADD https://e.org/a.tgz https://e.org/r.git git@h:r /d\nCOPY <<EOF /f\nhi\nEOF\nCOPY --from=b a c\nCOPY ["a b", "c"]';
    const copies = modelOf(text).steps.flatMap(({ copy }) => (copy ? [copy] : []));
    expect(copies.map(({ from }) => from.kind)).toEqual(['context', 'context', 'context', 'stage', 'context']);
    expect(copies.map(({ sources }) => sources.map(({ kind, path }) => `${kind} ${path}`))).toEqual([
      ['path x', 'path z2'],
      ['url https://e.org/a.tgz', 'git https://e.org/r.git', 'git git@h:r'],
      ['heredoc undefined'],
      ['path a'],
      ['path a b'],
    ]);
    expect(copies[0]?.targetPath).toBe('/to/');
  });
});

describe('images', () => {
  it('contexts stand for images by the name that both have in full', () => {
    const text =
      'FROM alpine\nFROM alpine:latest\nFROM docker.io/library/alpine\nFROM alpine:3\nFROM y/b:latest\nFROM docker.io/y/b\nFROM ghcr.io/y/b';
    const { images } = modelOf(text, { contexts: new Set(['docker.io/alpine', 'y/b:latest']) });
    expect(images.map(({ target }) => target.kind)).toEqual([
      'context',
      'context',
      'context',
      'image',
      'context',
      'context',
      'image',
    ]);
  });

  it('are found wherever they are named', () => {
    const text =
      'FROM a:1 AS b\nCOPY --from=b / /\nCOPY --from=0 / /\nCOPY --from=7 / /\nCOPY --from=nginx / /\nCOPY --from=$X / /\nCOPY --from=ctx / /\nRUN --mount=type=bind,from=c:2,target=/x a\nFROM B';
    const { images } = modelOf(text, { contexts: new Set(['ctx']) });
    expect(images.map(({ use, target, span }) => [use, target.kind, text.slice(span.start, span.end)])).toEqual([
      ['from', 'image', 'a:1'],
      ['from', 'stage', 'B'],
      ['copy', 'stage', 'b'],
      ['copy', 'stage', '0'],
      ['copy', 'invalid', '7'],
      ['copy', 'image', 'nginx'],
      ['copy', 'unknown', '$X'],
      ['copy', 'context', 'ctx'],
      ['mount', 'image', 'c:2'],
    ]);
  });

  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  it.each([
    ['alpine', { registry: 'docker.io', repository: 'library/alpine', name: 'alpine' }],
    ['a/b:1', { registry: 'docker.io', repository: 'a/b', tag: '1' }],
    ['localhost/a', { registry: 'localhost', repository: 'a' }],
    ['localhost:5000/a/b', { registry: 'localhost:5000', repository: 'a/b' }],
    ['gcr.io/distroless/base:nonroot', { registry: 'gcr.io', repository: 'distroless/base', tag: 'nonroot' }],
    [`a:1@${digest}`, { tag: '1', digest }],
    ['[::1]:5000/a', { registry: '[::1]:5000', repository: 'a' }],
    ['index.docker.io/a', { registry: 'docker.io', repository: 'library/a' }],
    ['my__a-b/d_e.f', { repository: 'my__a-b/d_e.f' }],
  ])('%s is a reference', (text, expected) => {
    expect(parseReference(text)).toMatchObject(expected);
  });

  it.each(['Upper', 'a:', 'a@sha256:12', 'a//b', '-a', 'a_', 'a b', '', 'http://a/b', 'x'.repeat(5000)])(
    '%j is none',
    (text) => {
      expect(parseReference(text)).toBeUndefined();
    },
  );
});

describe('any text', () => {
  it('has a model', () => {
    const line = fc.constantFrom(
      ...[
        'FROM a AS b',
        'FROM b',
        'FROM $X',
        'FROM',
        'ARG X',
        'ARG X=1',
        'ENV A=$X B',
        'ENV',
        'COPY --from=b a b',
        'COPY --from= a',
        'ONBUILD RUN a',
        'ONBUILD',
        'ONBUILD ONBUILD RUN',
        'RUN --mount= a',
        'RUN --mount=type=cache,", a',
        'RUN <<E',
        'USER',
        'WORKDIR $X',
        'SHELL ["a"]',
        'SHELL x',
        'HEALTHCHECK NONE',
        'XX y',
        '# hadolint shell=bash',
        '',
      ],
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const model = modelOf(lines.join('\n'));
        for (const step of model.steps) step.commands.length satisfies number;
        return model.commands.length >= 0;
      }),
      { numRuns: 500 },
    );
  });

  it('of many stages is read in linear time', () => {
    const text = `FROM a:1 AS s0\nENV A=1\n${Array.from({ length: 5000 }, (_, i) => `FROM s${i} AS s${i + 1}\nCOPY --from=s${i} $A /`).join('\n')}`;
    const before = cpuTime();
    expect(modelOf(text).finalStage?.env.get('A')?.value).toBe('1');
    expect(cpuTime() - before).toBeLessThan(4000);
  });
});
