declare module 'spdx-expression-parse' {
  export type SpdxNode =
    | { readonly left: SpdxNode; readonly conjunction: 'and' | 'or'; readonly right: SpdxNode }
    | { readonly license: string; readonly plus?: true; readonly exception?: string };

  /** Throws on a text that is no SPDX expression, or that names an unknown id. */
  export default function parse(expression: string): SpdxNode;
}
