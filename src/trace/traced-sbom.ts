import type { SemanticModel } from '../lint/semantic.ts';
import { lineStarts, positionAt } from '../report/position.ts';
import type { Sbom } from '../sbom/sbom.ts';
import { trace } from './trace.ts';

/**
 * The SBOM with the lines of the Dockerfile that made the layers which its packages came with. Of a folder, as
 * it is.
 */
export function tracedSbom(sbom: Sbom, model: SemanticModel): Sbom {
  if (sbom.subject.kind !== 'image') return sbom;
  const { path, text } = model.dockerfile.source;
  const { steps, warnings } = trace(model, sbom.subject.image.history);
  const starts = lineStarts(text);
  const lines = new Map(
    steps.flatMap(({ layer, span, confidence }) =>
      layer === null
        ? []
        : [[layer, { line: positionAt(starts, span.start).line, isSure: confidence === 'exact' }] as const],
    ),
  );
  return {
    ...sbom,
    dockerfile: { path, text, lines, warnings },
  };
}
