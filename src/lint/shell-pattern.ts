/**
 * The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/…}`: `*` and `?` (POSIX.1-2017, XCU 2.13,
 * without brackets). A pattern is the texts between its stars, so matching is a search from left to right and
 * needs no backtracking.
 */

/** Code points; `any` stands for `?`. */
type Piece = readonly string[];
const any = '';

/** Removes the shortest match at the front; the longest when `word` begins with the operator again. Undefined for a bad pattern. */
export function trimPrefix(value: string, word: string, operator: string): string | undefined {
  const longest = word.startsWith(operator);
  const pieces = readPattern(longest ? word.slice(1) : word);
  if (!pieces) return undefined;
  const points = Array.from(value);
  const end = matchEnd(points, pieces, 0, longest);
  return end === undefined ? value : points.slice(end).join('');
}

/** The same at the back. */
export function trimSuffix(value: string, word: string, operator: string): string | undefined {
  const longest = word.startsWith(operator);
  const pieces = readPattern(longest ? word.slice(1) : word);
  if (!pieces) return undefined;
  const reversed = pieces.map((piece) => piece.toReversed()).toReversed();
  const points = Array.from(value).reverse();
  const end = matchEnd(points, reversed, 0, longest);
  return end === undefined ? value : points.slice(end).reverse().join('');
}

/** Replaces the first match, or all that do not overlap; each as long as can be. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string | undefined {
  const pieces = readPattern(pattern);
  if (!pieces) return undefined;
  const points = Array.from(value);
  let out = '';
  let at = 0;
  do {
    const start = indexOf(points, pieces[0] as Piece, at);
    const end = start === undefined ? undefined : matchEnd(points, pieces, start, true);
    if (start === undefined || end === undefined) break;
    out += points.slice(at, start).join('') + replacement;
    // An empty match moves on by one, or it would match for ever.
    if (end === start && start < points.length) out += points[start];
    at = end === start ? start + 1 : end;
  } while (all && at < points.length + (pieces.length === 1 && pieces[0]?.length === 0 ? 1 : 0));
  return out + points.slice(at).join('');
}

/** Undefined when something is escaped that needs no escape. */
function readPattern(pattern: string): Piece[] | undefined {
  const pieces: string[][] = [[]];
  const points = Array.from(pattern);
  for (let i = 0; i < points.length; i++) {
    let point = points[i] as string;
    const piece = pieces.at(-1) as string[];
    if (point === '*') pieces.push([]);
    else if (point === '?') piece.push(any);
    else {
      if (point === '\\') {
        point = points[++i] ?? '';
        if (!/^[*?\\}/]$/.test(point)) return undefined;
      }
      piece.push(point);
    }
  }
  return pieces;
}

/** Where the match ends that begins at `start`. */
function matchEnd(points: Piece, pieces: readonly Piece[], start: number, longest: boolean): number | undefined {
  const [first = [], ...others] = pieces;
  if (!matchesAt(points, first, start)) return undefined;
  let at = start + first.length;
  const last = others.pop();
  if (!last) return at;
  for (const piece of others) {
    const found = indexOf(points, piece, at);
    if (found === undefined) return undefined;
    at = found + piece.length;
  }
  const found = longest ? lastIndexOf(points, last, at) : indexOf(points, last, at);
  return found === undefined ? undefined : found + last.length;
}

function indexOf(points: Piece, piece: Piece, from: number): number | undefined {
  for (let at = from; at + piece.length <= points.length; at++) if (matchesAt(points, piece, at)) return at;
  return undefined;
}

function lastIndexOf(points: Piece, piece: Piece, from: number): number | undefined {
  for (let at = points.length - piece.length; at >= from; at--) if (matchesAt(points, piece, at)) return at;
  return undefined;
}

function matchesAt(points: Piece, piece: Piece, at: number): boolean {
  return at + piece.length <= points.length && piece.every((point, i) => point === any || point === points[at + i]);
}
