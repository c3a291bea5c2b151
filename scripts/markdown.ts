/** Text for a cell of a table: on one line, without what would end the cell or start a tag. */
export function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|');
}

/** Text of a rule as Markdown: `<`, `*` and a `_` at the edge of a word stand for themselves outside of backquotes. */
export function prose(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[<*\\]|(?<!\w)_|_(?!\w)/g, '\\$&')))
    .join('');
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  const upper = upperFirst(text);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
