/**
 * Offset at which a YAML text may be nested deeper than `limit`; undefined when it is nowhere. Brackets in quoted texts
 * count as well. The parser recurses, and a stack that runs out inside a regular expression ends the whole process.
 */
export function tooNested(text: string, limit: number): number | undefined {
  const indents: number[] = [];
  let brackets = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const indent = indentOf(text, start, end);
    if (text.charCodeAt(start + indent) !== hash && start + indent < end) {
      while (indents.length > 0 && (indents.at(-1) as number) >= indent) indents.pop();
      indents.push(indent);
      let depth = indents.length + brackets;
      for (let at = start + indent; at < end; at++) {
        const code = text.charCodeAt(at);
        if (code === open || code === openBrace) {
          brackets++;
          depth++;
        } else if (code === close || code === closeBrace) {
          brackets = Math.max(0, brackets - 1);
          depth--;
        } else if ((code === dash || code === question || code === colon) && isAlone(text, at)) depth++;
        if (depth > limit) return at;
      }
    }
    start = end + 1;
  }
  return undefined;
}

const [open, close, openBrace, closeBrace, dash, question, colon, hash] = [...'[]{}-?:#'].map((char) =>
  char.charCodeAt(0),
);

function indentOf(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at - start;
}

function isAlone(text: string, at: number): boolean {
  return (at === 0 || isBlank(text.charCodeAt(at - 1))) && (at + 1 === text.length || isBlank(text.charCodeAt(at + 1)));
}

/** Blanks and what ends a line. */
function isBlank(code: number): boolean {
  return code <= 0x20;
}
