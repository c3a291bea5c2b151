import { painter, type Style, visible } from './style.ts';

interface Hunk {
  /** 0-based, of the first line. */
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
}

const context = 3;

/** The difference of two texts in unified format (POSIX diff -u), for `patch` and for people. Empty when equal. */
export function* renderUnifiedDiff(path: string, before: string, after: string, style: Style): Generator<string> {
  if (before === after) return;
  const paint = painter(style.color);
  // Colour means a person reads it; a patch must keep every byte.
  const show = style.color ? visible : (text: string) => text;
  yield `${paint(`--- a/${path}`, 'bold')}\n${paint(`+++ b/${path}`, 'bold')}\n`;
  for (const { oldStart, newStart, lines } of hunks(splitLines(before), splitLines(after))) {
    const removed = lines.filter((line) => !line.startsWith('+')).length;
    const added = lines.filter((line) => !line.startsWith('-')).length;
    yield `${paint(`@@ -${range(oldStart, removed)} +${range(newStart, added)} @@`, 'cyan')}\n`;
    for (const line of lines) {
      const body = line.endsWith('\n') ? line.slice(0, -1) : line;
      const shown = show(style.color ? body.replace(/\r$/, '') : body);
      yield line.startsWith('+') ? paint(shown, 'green') : line.startsWith('-') ? paint(shown, 'red') : shown;
      yield line.endsWith('\n') ? '\n' : '\n\\ No newline at end of file\n';
    }
  }
}

function range(start: number, count: number): string {
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}

/** Lines with their line ends. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function* hunks(before: readonly string[], after: readonly string[]): Generator<Hunk> {
  const script = editScript(before, after);
  let at = 0;
  while (at < script.length) {
    const change = script.findIndex((step, i) => i >= at && step.kind !== ' ');
    if (change === -1) return;
    let end = change;
    for (let i = change, same = 0; i < script.length && same <= 2 * context; i++) {
      if (script[i]?.kind === ' ') same++;
      else {
        same = 0;
        end = i;
      }
    }
    const from = Math.max(at, change - context);
    const to = Math.min(script.length, end + 1 + context);
    const first = script[from] as Step;
    yield {
      oldStart: first.old,
      newStart: first.new,
      lines: script.slice(from, to).map(({ kind, text }) => kind + text),
    };
    at = to;
  }
}

interface Step {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
  readonly old: number;
  readonly new: number;
}

/** Common lines at both ends are left out of the search; what is between is aligned by a longest common subsequence. */
function editScript(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const oldMiddle = before.slice(head, before.length - tail);
  const newMiddle = after.slice(head, after.length - tail);
  const pairs = commonLines(oldMiddle, newMiddle);
  const script: Step[] = [];
  let i = 0;
  let j = 0;
  const push = (kind: Step['kind'], text: string) => {
    script.push({ kind, text, old: i, new: j });
    if (kind !== '+') i++;
    if (kind !== '-') j++;
  };
  const until = (oldEnd: number, newEnd: number) => {
    while (i < oldEnd) push('-', before[i] as string);
    while (j < newEnd) push('+', after[j] as string);
  };
  for (let k = 0; k < head; k++) push(' ', before[k] as string);
  for (const [a, b] of pairs) {
    until(head + a, head + b);
    push(' ', before[i] as string);
  }
  until(before.length - tail, after.length - tail);
  for (let k = 0; k < tail; k++) push(' ', before[i] as string);
  return script;
}

/** For each line of `after` the line of `before` that it is, both counted from 0; undefined for a new one. */
export function lineOrigins(before: string, after: string): readonly (number | undefined)[] {
  return editScript(splitLines(before), splitLines(after))
    .filter(({ kind }) => kind !== '-')
    .map(({ kind, old }) => (kind === ' ' ? old : undefined));
}

/** Above this many comparisons the middle is shown as one change. */
const maxTable = 4_000_000;

function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  const columns = b.length + 1;
  if (a.length * b.length === 0 || a.length * b.length > maxTable) return [];
  const length = new Uint32Array((a.length + 1) * columns);
  const at = (i: number, j: number) => length[i * columns + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * columns + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
