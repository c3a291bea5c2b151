/** Quotes a piece of the file in a message; never more of it than fits one. */
export function quoted(text: string): string {
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
