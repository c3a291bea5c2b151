/**
 * JSON as people write it, comments and trailing commas taken out, parsed. One pass; texts are left as they are.
 * Throws on what is no JSON then.
 */
export function parseJsonc(text: string): unknown {
  const pieces: string[] = [];
  /** Up to where the text is taken over. */
  let from = 0;
  /** Where a comma is that nothing has followed yet. */
  let comma: number | undefined;
  const leaveOut = (start: number, end: number) => {
    pieces.push(text.slice(from, start));
    from = end;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      // What stands before it can be told only here: a comma is left out with the comments behind it.
      const end = endOfComment(text, at);
      if (comma === undefined) leaveOut(at, end + 1);
      at = end;
    } else if (character === '}' || character === ']') {
      if (comma !== undefined) leaveOut(comma, at);
      comma = undefined;
    } else if (character === ',') comma = at;
    else if (!BLANK.test(character)) {
      if (comma !== undefined) {
        leaveOut(comma, at);
        pieces.push(',');
      }
      comma = undefined;
      if (character === '"') at = endOfText(text, at);
    }
  }
  return JSON.parse(pieces.join('') + text.slice(from));
}

const BLANK = /^\s$/;

/** Where the quote is that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** The last character of the comment. */
function endOfComment(text: string, start: number): number {
  const isLine = text[start + 1] === '/';
  const end = text.indexOf(isLine ? '\n' : '*/', start + 2);
  return end < 0 ? text.length : isLine ? end - 1 : end + 1;
}
