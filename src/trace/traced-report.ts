import type { SemanticModel } from '../lint/semantic.ts';
import type { Finding } from '../report/finding.ts';
import type { ImageReport, LayerSource, SourceFinding, Waste } from '../report/image-report.ts';
import { lineStarts, positionAt } from '../report/position.ts';
import { type TracedStep, trace } from './trace.ts';

/** The report with the lines of the Dockerfile that made the layers, and what the linter says about these lines. */
export function tracedReport(report: ImageReport, model: SemanticModel, findings: readonly Finding[]): ImageReport {
  const { path, text } = model.dockerfile.source;
  const { steps, baseLayers, warnings } = trace(model, report.image.history);
  const starts = lineStarts(text);
  const makers = new Map(steps.map((step) => [step.layer, step]));
  const lineAt = (offset: number) => positionAt(starts, offset).line;
  const sourceOf = (layer: number): LayerSource => {
    const step = makers.get(layer);
    if (!step) {
      const confidence = layer <= baseLayers ? 'base' : 'unknown';
      return { path, line: null, endLine: null, confidence, findings: [] };
    }
    return {
      path,
      line: lineAt(step.span.start),
      endLine: lineAt(step.span.end),
      confidence: step.confidence,
      findings: findingsOf(step, findings, lineAt),
    };
  };
  const sources = Array.from({ length: report.layerCount }, (_, i) => sourceOf(i + 1));
  return {
    ...report,
    dockerfile: { path, warnings },
    layers: report.layers.map((layer) => ({ ...layer, source: sources[layer.index - 1] as LayerSource })),
    waste: report.waste.map((waste) => withLines(waste, sources)),
  };
}

function findingsOf({ span }: TracedStep, findings: readonly Finding[], lineAt: (offset: number) => number) {
  return findings.flatMap(({ rule, severity, message, help, fix, location }): SourceFinding[] => {
    if (!('span' in location) || location.span.start < span.start || location.span.start >= span.end) return [];
    const line = lineAt(location.span.start);
    return [{ rule, severity, line, message, help: help ?? null, fix: fix?.title ?? null }];
  });
}

function withLines(waste: Waste, sources: readonly LayerSource[]): Waste {
  const explanation = waste.explanation.replace(/\blayer (\d+) \(/g, (text, layer: string) => {
    const source = sources[Number(layer) - 1];
    return source?.line ? `${text}${lineOf(source)}: ` : text;
  });
  return { ...waste, explanation };
}

/** `Dockerfile:12`, with a question mark where it is not sure. */
function lineOf({ path, line, confidence }: Pick<LayerSource, 'path' | 'line' | 'confidence'>): string {
  return `${path.slice(path.lastIndexOf('/') + 1)}:${line}${confidence === 'exact' ? '' : '?'}`;
}
