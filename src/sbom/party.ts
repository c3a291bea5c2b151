import type { Party } from './package.ts';

const MAX_LENGTH = 1000;

/** `Name <mail> (url)` of Debian, Alpine and npm; a bare address is a name too. Undefined when nothing is said. */
export function parseParty(text: string): Party | undefined {
  const whole = decodeWords(text.slice(0, MAX_LENGTH)).replace(/\s+/g, ' ').trim();
  const email = /<([^<>\s]+@[^<>\s]+)>/.exec(whole)?.[1] ?? /^[^<>\s()]+@[^<>\s()]+$/.exec(whole)?.[0];
  const url = /\((https?:\/\/[^()\s]+)\)/.exec(whole)?.[1];
  const rest = whole.replace(/<[^<>]*>|\(https?:[^()]*\)/g, ' ');
  const name =
    rest
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/^"(.*)"$/, '$1') || email;
  if (!name || name === 'UNKNOWN') return undefined;
  return { name, ...(email ? { email } : {}), ...(url ? { url } : {}) };
}

/** Encoded words of RFC 2047, as Python's metadata has them: `=?utf-8?q?Sebasti=C3=A1n?=`. */
function decodeWords(text: string): string {
  return text.replace(/=\?(utf-8|iso-8859-1|us-ascii)\?([qb])\?([^?\s]*)\?=/gi, (_, charset, encoding, body) => {
    const bytes =
      encoding.toLowerCase() === 'b'
        ? Buffer.from(body, 'base64')
        : Buffer.from(
            body
              .replace(/_/g, ' ')
              .replace(/=([0-9A-F]{2})/gi, (_all: string, hex: string) =>
                String.fromCharCode(Number.parseInt(hex, 16)),
              ),
            'latin1',
          );
    return bytes.toString(/^utf-8$/i.test(charset) ? 'utf8' : 'latin1');
  });
}
