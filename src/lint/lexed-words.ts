import { isSpace } from './characters.ts';

export interface LexedWord {
  readonly text: string;
  /** Where the word stands in the text that was lexed. */
  readonly start: number;
  readonly end: number;
}

/** Gathers words from pieces, each with the place where it was read. */
export class WordList {
  readonly #words: LexedWord[] = [];
  #text = '';
  #start = 0;

  /** A piece that stays whole: something quoted or escaped. */
  add(piece: string, start: number): void {
    if (this.#text === '') this.#start = start;
    this.#text += piece;
  }

  /** A value that white space splits. */
  addSplit(value: string, start: number): void {
    for (const char of value) {
      if (isSpace(char.charCodeAt(0))) this.#close(start);
      else this.add(char, start);
    }
  }

  /** Text as it stands, which white space splits. */
  addText(text: string, start: number): void {
    let from = 0;
    for (let at = 0; at <= text.length; at++) {
      if (at < text.length && !isSpace(text.charCodeAt(at))) continue;
      if (at > from) this.add(text.slice(from, at), start + from);
      if (at < text.length) this.#close(start + at);
      from = at + 1;
    }
  }

  finish(end: number): readonly LexedWord[] {
    this.#close(end);
    return this.#words;
  }

  #close(end: number): void {
    if (this.#text !== '') this.#words.push({ text: this.#text, start: this.#start, end });
    this.#text = '';
  }
}
