import type { Span } from '../../report/finding.ts';

/** A file, or what stands between the braces of a block (HCL Native Syntax Specification, "Structural Elements"). */
export interface Body {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
}

export interface Attribute {
  /** Offset of its name. */
  readonly at: number;
  readonly value: Expression;
}

/** `target "app" { … }` */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  /** Offset of its last label, or of its type. */
  readonly at: number;
  readonly body: Body;
}

/** What can be computed ("Expressions", "Templates"); a template of one piece that is no text has that piece's value. */
export type Expression = Span &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'template'; readonly parts: readonly Expression[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
    | { readonly kind: 'splat'; readonly of: Expression; readonly path: readonly Expression[] }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | ForExpression
    | { readonly kind: 'join'; readonly of: ForExpression & Span }
    | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly of: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'if'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  );

export interface ObjectEntry {
  readonly key: Expression;
  readonly value: Expression;
}

/** `[for v in list : result if test]`, `{for k, v in table : key => result...}` */
export interface ForExpression {
  readonly kind: 'for';
  readonly key?: string;
  readonly name: string;
  readonly of: Expression;
  /** Of an object. */
  readonly resultKey?: Expression;
  readonly result: Expression;
  readonly test?: Expression;
  readonly grouped: boolean;
}

/** What is wrong with the text, and where. */
export class HclError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}
