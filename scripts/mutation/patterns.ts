/** Offsets in the source of a regular expression, `end` exclusive. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Every alternative of every group, each with the `|` that goes when it is dropped. */
export function alternatives(pattern: string): readonly Range[] {
  const ranges: Range[] = [];
  const groups: number[][] = [[0]];
  const close = (end: number): void => {
    const starts = groups.pop() ?? [];
    if (starts.length < 2) return;
    starts.forEach((start, i) => {
      const next = starts[i + 1];
      ranges.push(next === undefined ? { start: start - 1, end } : { start, end: next });
    });
  };
  for (const { at, unit } of tokens(pattern)) {
    if (unit === '(') groups.push([at + (/^\((\?(:|<?[=!]|<\w+>))?/.exec(pattern.slice(at))?.[0].length ?? 1)]);
    else if (unit === '|') groups.at(-1)?.push(at + 1);
    else if (unit === ')') close(at);
  }
  close(pattern.length);
  return ranges;
}

/** `^` and `$`. */
export function anchors(pattern: string): readonly Range[] {
  const found = tokens(pattern).filter(({ unit }) => unit === '^' || unit === '$');
  return found.map(({ at }) => ({ start: at, end: at + 1 }));
}

/** The units that mean something by themselves: not escaped, not in a class. */
function tokens(pattern: string): { readonly at: number; readonly unit: string }[] {
  const found: { at: number; unit: string }[] = [];
  let isInClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern[at] ?? '';
    if (unit === '\\') at++;
    else if (isInClass) isInClass = unit !== ']';
    else if (unit === '[') isInClass = true;
    else found.push({ at, unit });
  }
  return found;
}
