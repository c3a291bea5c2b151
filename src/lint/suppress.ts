import type { Span } from '../report/finding.ts';
import type { Dockerfile, Instruction } from './syntax.ts';

/** One comment or directive that switches rules off. */
export interface Suppression {
  /** The comment or directive. */
  readonly span: Span;
  readonly ids: readonly SuppressedId[];
  readonly reason?: string;
  readonly scope: 'instruction' | 'stage' | 'file';
  /** What it covers; a finding is covered when it starts in here. */
  readonly covers: Span;
}

export interface SuppressedId {
  /** As written; `*` is every rule. */
  readonly id: string;
  readonly span: Span;
}

const forms: readonly { readonly pattern: RegExp; readonly scope: Suppression['scope'] }[] = [
  {
    pattern: /^(#\s*dlint-ignore\s+)([^\s,:#]+(?:\s*,\s*[^\s,:#]+)*)\s*(?::\s*|#\s*|\s|$)(.*)$/i,
    scope: 'instruction',
  },
  {
    pattern: /^(#\s*dlint-ignore-stage\s+)([^\s,:#]+(?:\s*,\s*[^\s,:#]+)*)\s*(?::\s*|#\s*|\s|$)(.*)$/i,
    scope: 'stage',
  },
  { pattern: /^(#\s*dlint-ignore-file\s+)([^\s,:#]+(?:\s*,\s*[^\s,:#]+)*)\s*(?::\s*|#\s*|\s|$)(.*)$/i, scope: 'file' },
  { pattern: /^(#\s*hadolint\s+ignore\s*=\s*)([^\s,#]+(?:\s*,\s*[^\s,#]+)*)\s*(?:#\s*)?(.*)$/i, scope: 'instruction' },
  {
    pattern: /^(#\s*hadolint\s+global\s+ignore\s*=\s*)([^\s,#]+(?:\s*,\s*[^\s,#]+)*)\s*(?:#\s*)?(.*)$/i,
    scope: 'file',
  },
  {
    pattern: /^(#\s*hadolint\s+stage\s+ignore\s*=\s*)([^\s,#]+(?:\s*,\s*[^\s,#]+)*)\s*(?:#\s*)?(.*)$/i,
    scope: 'stage',
  },
];

/** The shell that `# hadolint shell=bash` declares for what follows. */
export function shellPragma(comment: string): string | undefined {
  if (!comment.includes('shell')) return undefined;
  return /^#\s*hadolint\s+shell\s*=\s*([\w./-]+)/i.exec(comment)?.[1];
}

/** All suppressions of a file, in order. */
export function suppressions(dockerfile: Dockerfile): readonly Suppression[] {
  const { text } = dockerfile.source;
  const places = new Places(dockerfile);
  const found = checkDirectives(dockerfile);
  const add = (span: Span, place: Place): void => {
    const suppression = readComment(text, span, place);
    if (suppression) found.push(suppression);
  };
  dockerfile.items.forEach((item, index) => {
    if (item.kind === 'comment') add(item.span, () => places.after(index));
    if (item.kind !== 'instruction') return;
    const { span } = item;
    for (const comment of commentsOf(item))
      add(comment, () => ({ instruction: span, stage: places.after(index).stage }));
  });
  return found;
}

function commentsOf(instruction: Instruction): readonly Span[] {
  const inner = instruction.keyword === 'ONBUILD' ? instruction.instruction?.comments : undefined;
  if (!inner || inner.length === 0) return instruction.comments;
  const starts = new Set(instruction.comments.map(({ start }) => start));
  return [...instruction.comments, ...inner.filter(({ start }) => !starts.has(start))];
}

type Place = () => { readonly instruction: Span; readonly stage: Span };

function readComment(text: string, span: Span, place: Place): Suppression | undefined {
  const comment = text.slice(span.start, Math.min(span.end, span.start + 10_000)).trimEnd();
  if (!/dlint|hadolint/i.test(comment)) return undefined;
  for (const { pattern, scope } of forms) {
    const match = pattern.exec(comment);
    if (!match) continue;
    const ids = listedIds(match[2] ?? '', span.start + (match[1]?.length ?? 0));
    const reason = (match[3] ?? '').trim();
    const where = place();
    const covers = scope === 'file' ? { start: 0, end: text.length + 1 } : where[scope];
    return { span, ids, scope, covers, ...(reason === '' ? {} : { reason }) };
  }
  return undefined;
}

function listedIds(list: string, offset: number): SuppressedId[] {
  return [...list.matchAll(/[^\s,]+/g)].map(({ 0: id, index }) => {
    return { id, span: { start: offset + index, end: offset + index + id.length } };
  });
}

/** `# check=skip=A,B;error=true`: Dockerfile reference, "check". */
function checkDirectives({ directives, source }: Dockerfile): Suppression[] {
  return directives.flatMap(({ name, value, span, valueSpan }) => {
    const skip = name === 'check' ? /(?:^|;)\s*skip\s*=([^;]*)/d.exec(value) : null;
    const start = skip?.indices?.[1]?.[0];
    if (!skip || start === undefined) return [];
    const ids = listedIds(skip[1] ?? '', valueSpan.start + start).map((each) => {
      return each.id.toLowerCase() === 'all' ? { ...each, id: '*' } : each;
    });
    return [{ span, ids, scope: 'file', covers: { start: 0, end: source.text.length + 1 } } satisfies Suppression];
  });
}

/** Whether `# check=error=true` asks for findings to fail the build. */
export function checksAreErrors({ directives }: Dockerfile): boolean {
  return directives.some(({ name, value }) => name === 'check' && /(?:^|;)\s*error\s*=\s*true\s*(?:;|$)/i.test(value));
}

/** For every item, the next instruction and the stage it lies in. */
class Places {
  readonly #next: number[] = [];
  readonly #items: Dockerfile['items'];
  readonly #stageEnds: number[] = [];
  readonly #stageStarts: number[] = [];
  readonly #end: number;

  constructor({ items, source }: Dockerfile) {
    this.#end = source.text.length + 1;
    this.#items = items;
    let next = -1;
    let stageEnd = this.#end;
    for (let i = items.length - 1; i >= 0; i--) {
      const item = items[i];
      this.#next[i] = next;
      this.#stageEnds[i] = stageEnd;
      if (item?.kind !== 'instruction') continue;
      next = i;
      if (item.keyword === 'FROM') stageEnd = item.span.start;
    }
    let stageStart = 0;
    items.forEach((item, i) => {
      if (item.kind === 'instruction' && item.keyword === 'FROM') stageStart = item.span.start;
      this.#stageStarts[i] = stageStart;
    });
  }

  /** The instruction below an item, and the stage of the item; a comment right above FROM belongs to FROM's stage. */
  after(index: number): { instruction: Span; stage: Span } {
    const at = this.#next[index] ?? -1;
    const next = this.#items[at];
    const instruction = next?.span ?? { start: this.#end, end: this.#end };
    const stage = { start: this.#stageStarts[index] ?? 0, end: this.#stageEnds[index] ?? this.#end };
    if (next?.kind !== 'instruction' || next.keyword !== 'FROM') return { instruction, stage };
    return { instruction, stage: { start: next.span.start, end: this.#stageEnds[at] ?? this.#end } };
  }
}
