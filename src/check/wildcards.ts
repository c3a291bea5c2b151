/** Whether the whole text is as the pattern has it; `*` stands for anything, `/` included, `?` for one character. */
export function matchesWildcards(pattern: string, text: string): boolean {
  let [at, next] = [0, 0];
  // Where to go on from when the last star has to take one character more.
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++;
      taken = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++taken;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}
