declare module 'spdx-expression-parse' {
  /** Throws on a text that is no SPDX expression, or that names an unknown id. */
  export default function parse(expression: string): unknown;
}
