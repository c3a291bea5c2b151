import type { SemanticModel, Stage, Step } from '../lint/semantic.ts';
import type { CheckReport, FindingSource, ImageFinding } from '../report/check-report.ts';
import type { Span } from '../report/finding.ts';
import { lineStarts, positionAt } from '../report/position.ts';
import { stagesOf, type Trace, type TracedEntry, trace } from './trace.ts';

type Confidence = FindingSource['confidence'];
interface Place {
  readonly span: Span;
  readonly confidence: Confidence;
}

/** The findings with the lines of the Dockerfile that brought them. None has one where the file is not the image's. */
export function tracedCheck(report: CheckReport, model: SemanticModel, history: readonly TracedEntry[]): CheckReport {
  const { source } = model.dockerfile;
  const traced = trace(model, history);
  const starts = lineStarts(source.text);
  const lineAt = (offset: number) => positionAt(starts, offset).line;
  const chain = stagesOf(model.finalStage);
  const findings = report.findings.map((finding): ImageFinding => {
    const keyword = report.rules.get(finding.rule)?.instruction ?? null;
    const place = traced.steps.length === 0 ? undefined : placeOf(finding, keyword, traced, chain);
    if (!place) return finding;
    const { span, confidence } = place;
    const line = lineAt(span.start);
    const endLine = lineAt(Math.max(span.start, span.end - 1));
    return {
      ...finding,
      location: { ...finding.location, source: { path: source.path, line, endLine, confidence, span } },
    };
  });
  return { ...report, findings, dockerfile: { source, warnings: traced.warnings } };
}

function placeOf(
  { location: { layerIndex }, subject }: ImageFinding,
  keyword: string | null,
  traced: Trace,
  chain: readonly Stage[],
): Place | undefined {
  const [lowest, last] = [chain[0], chain.at(-1)];
  if (!lowest || !last) return undefined;
  if (layerIndex !== null) {
    const made = traced.steps.find(({ layer }) => layer === layerIndex);
    if (made) return { span: made.span, confidence: made.confidence };
    return layerIndex <= traced.baseLayers ? { span: lowest.from.span, confidence: 'base' } : undefined;
  }
  const said = keyword === null ? undefined : lastStep(chain, keyword, subject);
  if (!said) return { span: last.from.span, confidence: 'image' };
  const { confidence = 'likely' } = traced.steps.find(({ step }) => step === said) ?? {};
  return { span: said.instruction.span, confidence };
}

/** The instruction that has the last word, of those that name the subject where there is one. */
function lastStep(chain: readonly Stage[], keyword: string, subject: string | null): Step | undefined {
  const all = chain.flatMap(({ steps }) => steps).reverse();
  return all.find((step) => {
    const { instruction, onbuild } = step;
    return !onbuild && instruction.keyword === keyword && (subject === null || names(step, subject));
  });
}

function names({ instruction, expand }: Step, subject: string): boolean {
  if (instruction.keyword === 'ENV' || instruction.keyword === 'LABEL') {
    return instruction.pairs.some(({ key }) => (expand(key.raw).text ?? key.text) === subject);
  }
  if (!('words' in instruction)) return false;
  // EXPOSE 53 is 53/tcp.
  return instruction.words.some(({ raw, text }) => {
    const word = expand(raw).text ?? text;
    return word === subject || `${word}/tcp` === subject;
  });
}
