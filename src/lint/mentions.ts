/**
 * Tells whether words stand in a text, for many words: one walk over the text notes the pairs of characters in it, and a
 * word of which a pair is missing is not looked for. Most words that are asked for are not there.
 */
export class Mentions {
  readonly #text: string;
  /** By `slot`: of several pairs in one slot, some may be missing all the same. */
  readonly #pairs = new Uint8Array(1 << 12);
  readonly #answers = new Map<string, boolean>();

  /** `text` is in lower case, and so are the words that are asked for. */
  constructor(text: string) {
    this.#text = text;
    let before = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      this.#pairs[slot(before, unit)] = 1;
      before = unit;
    }
  }

  has(word: string): boolean {
    let answer = this.#answers.get(word);
    if (answer === undefined) {
      answer = this.#mayHave(word) && this.#text.includes(word);
      this.#answers.set(word, answer);
    }
    return answer;
  }

  #mayHave(word: string): boolean {
    for (let at = 1; at < word.length; at++) {
      if (this.#pairs[slot(word.charCodeAt(at - 1), word.charCodeAt(at))] === 0) return false;
    }
    return true;
  }
}

function slot(first: number, second: number): number {
  return ((first & 63) << 6) | (second & 63);
}
