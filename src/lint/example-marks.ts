import type { Span } from '../report/finding.ts';

/** A text and the places in it that findings should underline. */
export interface Marked {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Takes the marks out of `FROM «alpine»`. Throws when they do not pair up. */
export function readMarks(marked: string): Marked {
  const spans: Span[] = [];
  let text = '';
  let start: number | undefined;
  for (const piece of marked.split(/([«»])/)) {
    if (piece === '«' && start === undefined) start = text.length;
    else if (piece === '»' && start !== undefined) {
      spans.push({ start, end: text.length });
      start = undefined;
    } else if (piece === '«' || piece === '»') throw new Error(`marks do not pair up in ${JSON.stringify(marked)}`);
    else text += piece;
  }
  if (start !== undefined) throw new Error(`a mark is not closed in ${JSON.stringify(marked)}`);
  return { text, spans };
}

/** The text with each place between «…». */
export function withMarks(text: string, spans: readonly Span[]): string {
  const marks = spans.flatMap(({ start, end }) => [
    { at: start, mark: '«' },
    { at: end, mark: '»' },
  ]);
  return applyPlain(
    text,
    marks
      .sort((a, b) => a.at - b.at || (a.mark === '»' ? -1 : 1))
      .map(({ at, mark }) => ({ span: { start: at, end: at }, text: mark })),
  );
}

/** The text with pieces replaced, which come in order and do not overlap; those of no length too. */
export function applyPlain(text: string, edits: readonly { readonly span: Span; readonly text: string }[]): string {
  let result = '';
  let from = 0;
  for (const { span, text: added } of edits) {
    result += text.slice(from, span.start) + added;
    from = span.end;
  }
  return result + text.slice(from);
}
