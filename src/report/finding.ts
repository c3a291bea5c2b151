/**
 * The noun that both pipes share: a finding, in a Dockerfile or in a layer.
 * This module imports nothing.
 */

/** UTF-16 offsets into a text, `end` exclusive. Lines and columns exist only in output. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text and the name it is known by. `path` is as the user gave it; `-` is standard input. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

export type Severity = 'error' | 'warning' | 'info' | 'style';
export type Category = 'correctness' | 'security' | 'size' | 'cache' | 'style';

/** One replacement of the text under `span`; an insertion has an empty span. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A repair. `safe` ones keep what the image does and are applied by `--fix`; the others need `--fix-unsafe`. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

export type Digest = `sha256:${string}` | `sha512:${string}`;

export type Location =
  | { readonly source: Source; readonly span: Span }
  | { readonly layer: Digest; readonly path: string };

export interface Finding {
  /** Kebab-case id of the rule, e.g. `pip-cache`. */
  readonly rule: string;
  /** What other tools call the same thing, e.g. `DL3042`. */
  readonly aliases: readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  /** Stable while lines move: a hash of rule, path and the text found, with a counter for repeats. Hex, 16 characters. */
  readonly fingerprint: string;
  readonly location: Location;
  readonly fix?: Fix;
}

/**
 * A renderer turns a report into pieces of text, lazily, so that large reports never become one string.
 * `width` is in terminal columns.
 */
export type Render<R> = (report: R, style: { readonly color: boolean; readonly width: number }) => Iterable<string>;
