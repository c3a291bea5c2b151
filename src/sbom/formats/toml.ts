import { parse } from 'smol-toml';

/** Throws on what is no TOML 1.0. Dates become objects, which no lock file's field is. */
export function parseToml(text: string): Readonly<Record<string, unknown>> {
  return parse(text);
}
