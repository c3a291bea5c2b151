import { printable } from '../inspect-name.ts';

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for element content and quoted attributes; what would steer the reader's line is shown as an escape. */
export function escapeText(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => REFERENCES[character] as string);
}

/**
 * JSON for a `<script>` element: nothing in it can end the element or open a comment (HTML, 4.12.1.3), and nothing
 * turns the line of whoever reads the source. Lone surrogates stay apart as `\udcXX`.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
