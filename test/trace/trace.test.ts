import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { type AnalyzeOptions, analyze } from '../../src/lint/semantic.ts';
import { trace } from '../../src/trace/trace.ts';
import { cpuTime } from '../support/cpu-time.ts';

/** History as `[created_by, makes a layer]`; the result as `layer: line confidence`. */
function traced(dockerfile: string, history: readonly (readonly [string, boolean])[], build: AnalyzeOptions = {}) {
  const model = analyze(parse({ path: 'Dockerfile', text: dockerfile }), build);
  let layer = 0;
  const entries = history.map(([createdBy, makes]) => ({ createdBy, layer: makes ? ++layer : null }));
  const { steps, baseLayers, warnings } = trace(model, entries);
  const lines = steps
    .filter((step) => step.layer !== null)
    .map((step) => {
      const line = dockerfile.slice(0, step.span.start).split('\n').length;
      return `${step.layer}: ${line} ${step.confidence}`;
    });
  return { lines, baseLayers, warnings };
}

const DOCKERFILE = `FROM debian:12 AS base
ARG VERSION=1
RUN apt-get update && \\
    apt-get install -y curl
FROM base
WORKDIR /app
COPY package.json ./
RUN ["npm", "ci"]
ENV NAME="a b"
COPY --chown=1:1 . /srv
CMD ["node"]
`;

describe('an instruction is found in the history of', () => {
  it('BuildKit', () => {
    const { lines, baseLayers, warnings } = traced(DOCKERFILE, [
      ["# debian.sh --arch 'amd64' out/ 'bookworm'", true],
      ['ARG VERSION=1', false],
      ['RUN |1 VERSION=2 /bin/sh -c apt-get update &&     apt-get install -y curl # buildkit', true],
      ['WORKDIR /app', true],
      ['COPY package.json ./ # buildkit', true],
      ['RUN |1 VERSION=2 npm ci # buildkit', true],
      ['ENV NAME=a b', false],
      ['COPY --chown=1:1 . /srv # buildkit', true],
      ['CMD ["node"]', false],
    ]);
    expect(lines).toEqual(['2: 3 exact', '3: 6 exact', '4: 7 exact', '5: 8 exact', '6: 10 exact']);
    expect([baseLayers, warnings]).toEqual([1, []]);
  });

  it('the classic builder', () => {
    const digest = 'd9c1baa8de419318c8d4f1fcfe7328aefa287f8605597f885021dc49d0dd2450';
    const { lines, baseLayers } = traced(DOCKERFILE, [
      [`/bin/sh -c #(nop) ADD file:${digest} in / `, true],
      ['/bin/sh -c #(nop)  CMD ["bash"]', false],
      ['/bin/sh -c #(nop)  ARG VERSION=1', false],
      ['|1 VERSION=a b /bin/sh -c apt-get update &&     apt-get install -y curl', true],
      ['/bin/sh -c #(nop) WORKDIR /app', true],
      [`/bin/sh -c #(nop) COPY file:${digest} in ./ `, true],
      ['npm ci', true],
      ['/bin/sh -c #(nop)  ENV NAME=a b', false],
      [`/bin/sh -c #(nop) COPY --chown=1:1 dir:${digest} in /srv `, true],
      ['/bin/sh -c #(nop)  CMD ["node"]', false],
    ]);
    expect(lines).toEqual(['2: 3 exact', '3: 6 exact', '4: 7 likely', '5: 8 exact', '6: 10 likely']);
    expect(baseLayers).toBe(1);
  });

  it('buildah, whose WORKDIR makes no layer', () => {
    const { lines } = traced(DOCKERFILE, [
      ['/bin/sh -c #(nop) ADD file:0123 in / ', true],
      ['|1 VERSION=1 /bin/sh -c apt-get update &&     apt-get install -y curl', true],
      ['/bin/sh -c #(nop) WORKDIR /app', false],
      ['/bin/sh -c #(nop) COPY file:0123 in ./ ', true],
      ['/bin/sh -c npm ci', true],
      ['/bin/sh -c #(nop) COPY dir:0123 in /srv ', true],
    ]);
    expect(lines).toEqual(['2: 3 exact', '3: 7 likely', '4: 8 exact', '5: 10 likely']);
  });

  it('kaniko, which states lines of the Dockerfile', () => {
    const { lines } = traced(DOCKERFILE, [
      ['RUN apt-get update &&     apt-get install -y curl', true],
      ['WORKDIR /app', true],
      ['COPY package.json ./', true],
      ['RUN ["npm", "ci"]', true],
      ['COPY --chown=1:1 . /srv', true],
    ]);
    expect(lines).toEqual(['1: 3 exact', '2: 6 exact', '3: 7 exact', '4: 8 exact', '5: 10 exact']);
  });
});

describe('heredocs, shells and variables', () => {
  it('of RUN and COPY', () => {
    const dockerfile = `FROM scratch
RUN <<EOF
set -e
echo one
EOF
RUN cat <<A > /a
text
A
COPY <<FILE /etc/file
body
FILE
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl x | sh
ARG DIR=/opt
COPY tool $DIR/bin/
`;
    const { lines } = traced(dockerfile, [
      ['RUN /bin/sh -c set -e\necho one\n # buildkit', true],
      ['RUN /bin/sh -c cat <<A > /a\ntext\nA # buildkit', true],
      ['COPY <<FILE /etc/file # buildkit', true],
      ['RUN /bin/bash -o pipefail -c curl x | sh # buildkit', true],
      ['COPY tool /opt/bin/ # buildkit', true],
    ]);
    expect(lines).toEqual(['1: 2 exact', '2: 6 exact', '3: 9 exact', '4: 13 exact', '5: 15 exact']);
  });

  it('and secrets that are masked', () => {
    const { lines } = traced('FROM scratch\nRUN curl --token abc123secret https://x\nRUN true\n', [
      ['RUN /bin/sh -c curl --token ******** https://x # buildkit', true],
      ['RUN /bin/sh -c true # buildkit', true],
    ]);
    expect(lines).toEqual(['1: 2 exact', '2: 3 exact']);
  });
});

describe('what is not sure is not called so', () => {
  it('a command that only ends alike', () => {
    const { lines } = traced('FROM scratch\nRUN -c b\nRUN make b\n', [
      ['RUN /bin/sh -c python -c b # buildkit', true],
      ['RUN /bin/sh -c cd x && make b # buildkit', true],
    ]);
    expect(lines.filter((line) => line.endsWith('exact'))).toEqual([]);
  });

  it('an instruction that is there twice, where the history has it once', () => {
    const dockerfile = 'FROM scratch\nRUN apt-get update\nRUN a\nRUN apt-get update\nRUN b\n';
    const { lines } = traced(dockerfile, [
      ['RUN /bin/sh -c a # buildkit', true],
      ['RUN /bin/sh -c apt-get update # buildkit', true],
      ['RUN /bin/sh -c b # buildkit', true],
    ]);
    expect(lines).toEqual(['1: 3 likely', '2: 4 likely', '3: 5 exact']);
  });

  it('a command that was edited since', () => {
    const { lines, warnings } = traced('FROM scratch\nRUN apt-get install -y curl jq git\nRUN b\n', [
      ['RUN /bin/sh -c apt-get install -y curl jq # buildkit', true],
      ['RUN /bin/sh -c b # buildkit', true],
    ]);
    expect(lines).toEqual(['1: 2 likely', '2: 3 exact']);
    expect(warnings).toEqual([]);
  });

  it('another Dockerfile', () => {
    const { lines, baseLayers, warnings } = traced('FROM debian\nRUN a\nRUN b\nRUN c\n', [
      ['RUN /bin/sh -c x # buildkit', true],
      ['RUN /bin/sh -c c # buildkit', true],
    ]);
    expect([lines, baseLayers]).toEqual([['2: 4 likely'], 0]);
    expect(warnings[0]).toBe('1 of 3 instructions that make layers were found in the history');
  });

  it('a squashed image: CMD makes no layer, all before it does', () => {
    const { lines, warnings } = traced('FROM scratch\nADD root.tar /\nRUN a\nCMD ["bash"]\n', [
      ['/bin/sh -c #(nop) ADD file:0123 in / ', false],
      ['/bin/sh -c #(nop) CMD ["bash"]', true],
    ]);
    expect([lines, warnings]).toEqual([['1: 2 likely'], []]);
    const other = traced('FROM scratch\nRUN a\nCMD ["sh"]\n', [['/bin/sh -c #(nop) CMD ["bash"]', true]]);
    expect(other.lines).toEqual([]);
  });

  it('an image without history, and a Dockerfile without a stage', () => {
    expect(traced('FROM scratch\nRUN a\n', []).lines).toEqual([]);
    const warnings = ['there is no FROM in it: is it the Dockerfile?'];
    expect(traced('', [['RUN a', true]])).toEqual({ lines: [], baseLayers: 0, warnings });
  });
});

it('a long file and a long history take bounded time', () => {
  const steps = Array.from({ length: 5000 }, (_, i) => `RUN step ${i} ${'x '.repeat(20)}`);
  const start = cpuTime();
  const { lines } = traced(
    `FROM scratch\n${steps.join('\n')}\n`,
    steps.map((step) => [`${step} # buildkit`, true]),
  );
  expect(lines).toHaveLength(500);
  expect(cpuTime() - start).toBeLessThan(5000);
});

/** As buildah 1.28 wrote it, digests shortened: `--layers --build-arg VARIANT=dev --build-arg VERSION=2.5`. */
describe('a build with arguments, by buildah', () => {
  const dockerfile = `ARG BASE=localhost/busybox
ARG VARIANT=prod
FROM \${BASE} AS tools
RUN echo tools > /tools

FROM \${BASE} AS prod
ARG VERSION=1.0
ENV APP_VERSION=\${VERSION}
WORKDIR /app/\${VERSION}
RUN set -e; \\
    echo "one \${VERSION}" > /app/one; \\
    echo two > /app/two
COPY --from=tools /tools /opt/tools-\${VERSION}
RUN ["/bin/sh", "-c", "echo exec > /app/exec"]
RUN echo ash > /app/ash

FROM prod AS dev
RUN echo dev-\${VERSION} > /app/dev

FROM \${VARIANT}
LABEL version=\${VERSION}
USER 1000
`;
  const steps = [
    '/bin/sh -c #(nop) ADD file:45da761e1c56c548be5591e1ec31985006a12a7bff05668c060238638c86adca in / ',
    '/bin/sh -c #(nop)  CMD ["sh"]',
    '/bin/sh -c #(nop) ARG VERSION',
    '/bin/sh -c #(nop) ENV APP_VERSION=${VERSION}',
    '/bin/sh -c #(nop) WORKDIR /app/${VERSION}',
    '|1 VERSION=2.5 /bin/sh -c set -e;     echo "one ${VERSION}" > /app/one;     echo two > /app/two',
    '/bin/sh -c #(nop) COPY file:896b03e044edba87c723a3f342ac3e4132c7d5e3ab9dd9ea6e9a33b5dfce12ca in /opt/tools-${VERSION} ',
    '|1 VERSION=2.5 /bin/sh -c ["/bin/sh", "-c", "echo exec > /app/exec"]',
    '|1 VERSION=2.5 /bin/sh -c echo ash > /app/ash',
    '/bin/sh -c echo dev-${VERSION} > /app/dev',
    '/bin/sh -c #(nop) LABEL version=${VERSION}',
    '/bin/sh -c #(nop) USER 1000',
  ];
  const history = (layers: readonly number[]) => steps.map((step, i) => [step, layers.includes(i)] as const);
  const buildArgs = new Map([
    ['VARIANT', 'dev'],
    ['VERSION', '2.5'],
  ]);

  it('is found with the arguments it was built with', () => {
    expect(traced(dockerfile, history([0, 5, 6, 7, 8, 9]), { buildArgs })).toEqual({
      lines: ['2: 10 exact', '3: 13 likely', '4: 14 exact', '5: 15 exact', '6: 18 exact'],
      baseLayers: 1,
      warnings: [],
    });
  });

  it('without them, the stage that is built by default is looked for', () => {
    expect(traced(dockerfile, history([0, 5, 6, 7, 8, 9])).lines).toEqual([
      '2: 10 exact',
      '3: 13 likely',
      '4: 14 exact',
      '5: 15 exact',
    ]);
  });

  it('a layer of several instructions is of all of them: without --layers', () => {
    expect(traced(dockerfile, history([0, 8, 9, 11]), { buildArgs })).toEqual({
      lines: ['2: 10 likely', '3: 18 exact'],
      baseLayers: 1,
      warnings: [],
    });
  });

  it('of a stage in the middle', () => {
    const tools = [[steps[0], true] as const, ['/bin/sh -c echo tools > /tools', true] as const] as [string, boolean][];
    expect(traced(dockerfile, tools, { target: 'TOOLS' })).toEqual({
      lines: ['2: 4 exact'],
      baseLayers: 1,
      warnings: [],
    });
    expect(traced(dockerfile, tools, { buildArgs }).warnings).not.toEqual([]);
  });
});
