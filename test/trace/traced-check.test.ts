import { describe, expect, test } from 'vitest';
import { imageRules } from '../../src/check/image-rules.ts';
import { parse } from '../../src/lint/parse.ts';
import { analyze } from '../../src/lint/semantic.ts';
import type { CheckReport, ImageFinding } from '../../src/report/check-report.ts';
import { tracedCheck } from '../../src/trace/traced-check.ts';

const text = `ARG NAME=app
FROM debian AS base
ENV KEPT=1
EXPOSE 53 8080/udp
RUN make base
FROM base AS final
COPY . /src
ENV TOKEN=x \\
    OTHER=y
LABEL "$NAME"=z
EXPOSE $PORT
USER root
`;

const history = [
  { createdBy: '/bin/sh -c #(nop) ADD file:aaaa in / ', layer: 1 },
  { createdBy: 'ENV KEPT=1', layer: null },
  { createdBy: 'EXPOSE map[53/tcp:{} 8080/udp:{}]', layer: null },
  { createdBy: 'RUN /bin/sh -c make base # buildkit', layer: 2 },
  { createdBy: 'COPY . /src # buildkit', layer: 3 },
  { createdBy: 'USER root', layer: null },
];

function places(found: readonly { rule: string; layerIndex?: number; subject?: string }[], entries = history) {
  const findings = found.map(({ rule, layerIndex = null, subject = null }): ImageFinding => {
    const { category, severity, help } = imageRules['image-size'];
    const location = { layer: null, layerIndex, instruction: null, path: null, source: null };
    return { rule, category, severity, message: 'm', help, subject, fingerprint: '0'.repeat(16), location };
  });
  const report: CheckReport = {
    tool: { name: 'dlint', version: '1' },
    image: { reference: 'app.tar', imageId: null, platform: null },
    input: 'app.tar',
    storedBytes: 1,
    liveBytes: 1,
    deadBytes: 0,
    layers: 3,
    policy: [],
    warnings: [],
    findings,
    rules: new Map(
      Object.entries(imageRules).map(([id, rule]) => [
        id,
        { summary: '', why: '', url: null, instruction: 'instruction' in rule ? rule.instruction : null },
      ]),
    ),
  };
  const traced = tracedCheck(report, analyze(parse({ path: 'Dockerfile', text })), entries);
  return traced.findings.map(({ location: { source } }) =>
    source ? `${source.line}-${source.endLine} ${source.confidence}` : null,
  );
}

describe('tracedCheck', () => {
  test('layers: of an instruction, of the base image, of nobody', () => {
    const rule = 'layer-size';
    expect(places([1, 2, 3, 9].map((layerIndex) => ({ rule, layerIndex })))).toEqual([
      '2-2 base',
      '5-5 exact',
      '7-7 exact',
      null,
    ]);
  });

  test('settings: the last instruction that names the subject, also of a stage below', () => {
    expect(
      places([
        { rule: 'image-user' },
        { rule: 'image-secret-env', subject: 'OTHER' },
        { rule: 'image-secret-env', subject: 'KEPT' },
        { rule: 'image-ports', subject: '53/tcp' },
        { rule: 'image-ports', subject: '8080/udp' },
        { rule: 'image-ports', subject: '9/tcp' },
      ]),
    ).toEqual(['12-12 exact', '8-9 likely', '3-3 exact', '4-4 likely', '4-4 likely', '6-6 image']);
  });

  test('the whole image: the stage that was built', () => {
    expect(places([{ rule: 'image-size' }, { rule: 'image-healthcheck' }])).toEqual(['6-6 image', '6-6 image']);
  });

  test('a Dockerfile that has nothing to do with the image gives no places', () => {
    const other = [{ createdBy: 'RUN something else', layer: 1 }];
    expect(places([{ rule: 'image-size' }, { rule: 'layer-size', layerIndex: 1 }], other)).toEqual([null, null]);
  });
});
