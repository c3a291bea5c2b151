import { HclError } from './syntax.ts';

/** So deep may expressions and blocks lie in each other. */
const maxDepth = 60;

/** A place in the text that moves forward. */
export class Cursor {
  readonly text: string;
  /** Where the text ends; a template in JSON is a text of its own. */
  readonly end: number;
  at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    this.end = text.length;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  peek(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }

  take(word: string): boolean {
    if (!this.peek(word)) return false;
    this.at += word.length;
    return true;
  }

  expect(word: string, where: string): void {
    if (!this.take(word)) this.fail(`${JSON.stringify(word)} is missing ${where}`);
  }

  /** `pattern` is sticky. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found ?? undefined;
  }

  identifier(): string | undefined {
    return this.match(/[\p{ID_Start}_][\p{ID_Continue}-]*/uy)?.[0];
  }

  /** A word that stands alone. */
  keyword(word: string): boolean {
    if (!this.peek(word) || /[\p{ID_Continue}-]/u.test(this.text[this.at + word.length] ?? '')) return false;
    this.at += word.length;
    return true;
  }

  /** Blanks and comments; line ends where they mean nothing. */
  skip(lines: boolean): void {
    for (;;) {
      this.match(lines ? /[ \t\r\n\uFEFF]+/y : /[ \t\uFEFF]+/y);
      if (this.match(/(?:#|\/\/)[^\n]*/y)) continue;
      if (!this.peek('/*')) return;
      const close = this.text.indexOf('*/', this.at + 2);
      if (close < 0) this.fail('a comment is not closed');
      this.at = close + 2;
    }
  }

  /** Whether a line ends here; moves behind it. */
  newline(): boolean {
    return this.match(/\r?\n/y) !== undefined;
  }

  nested<T>(run: () => T): T {
    if (++this.#depth > maxDepth) this.fail(`nested deeper than ${maxDepth} levels`);
    const result = run();
    this.#depth--;
    return result;
  }

  fail(message: string, at = this.at): never {
    throw new HclError(at, message);
  }
}
