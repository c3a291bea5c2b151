/** JSON that any reader takes: a lone surrogate is no character (RFC 8259, 8.2), so it becomes U+FFFD. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify writes lone surrogates, and only those of all characters above U+001F, as \udXXX.
  return json.includes('\\ud')
    ? JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? wellFormed(item) : item))
    : json;
}

function wellFormed(item: string): string {
  return item.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
