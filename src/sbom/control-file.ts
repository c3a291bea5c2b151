/** A field longer than this is cut; the longest in use, Depends of a meta-package, is a tenth of it. */
const MAX_FIELD = 65_536;

/** Field names in lower case; folded lines joined by newlines; of a repeated field the first counts. */
export type Paragraph = ReadonlyMap<string, string>;

/** Paragraphs of a control file: deb822(5), which dpkg, opkg and debian/copyright use. Lines that are none are skipped. */
export function* controlParagraphs(text: string): Iterable<Paragraph> {
  let fields = new Map<string, string>();
  let current: { name: string; lines: string[]; length: number } | undefined;
  const close = () => {
    if (current && !fields.has(current.name)) fields.set(current.name, current.lines.join('\n').slice(0, MAX_FIELD));
    current = undefined;
  };
  for (const line of lines(text)) {
    if (line.trim() === '') {
      close();
      if (fields.size > 0) yield fields;
      fields = new Map();
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (current && current.length < MAX_FIELD) {
        current.lines.push(line.slice(1));
        current.length += line.length;
      }
    } else {
      close();
      const colon = line.slice(0, 256).indexOf(':');
      if (colon > 0 && !line.startsWith('#')) {
        const value = line.slice(colon + 1, colon + 1 + MAX_FIELD).trim();
        current = { name: line.slice(0, colon).trim().toLowerCase(), lines: [value], length: value.length };
      }
    }
  }
  close();
  if (fields.size > 0) yield fields;
}

/** Lines without their ends, one at a time, CRLF included. */
export function* lines(text: string): Iterable<string> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    start = end + 1;
  }
}
