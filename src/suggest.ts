import { closest } from './lint/closest.ts';

/** `did you mean …?` for a word that is none of the candidates; undefined when none comes near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const beginning = word.length < 2 ? [] : all.filter((candidate) => startsWith(candidate, word)).slice(0, 3);
  const nearest = closest(word, all);
  const meant = beginning.length > 0 ? beginning.join(' or ') : nearest;
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

function startsWith(candidate: string, word: string): boolean {
  return candidate.toLowerCase().startsWith(word.toLowerCase());
}
