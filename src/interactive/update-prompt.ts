import type { Key } from './keys.ts';
import { readPattern } from './pattern.ts';
import { ALL_OPEN } from './rows.ts';
import type { Prompt, State } from './state.ts';
import { found } from './update-tree.ts';

const LONGEST = 500;

/** The state after a key while a pattern is typed. */
export function updatePrompt(state: State, prompt: Prompt, key: Key): State {
  switch (key) {
    case 'escape':
      return { ...state, prompt: undefined, filter: prompt.before };
    case 'enter':
      return entered(state, prompt);
    case 'backspace':
      // As in less: what is empty is left.
      return {
        ...state,
        prompt: prompt.text === '' ? undefined : typed(prompt, [...prompt.text].slice(0, -1).join('')),
      };
    case 'ctrl-u':
      return { ...state, prompt: typed(prompt, '') };
    case 'ctrl-w':
      return { ...state, prompt: typed(prompt, prompt.text.replace(/[^\s/]*[\s/]*$/, '')) };
  }
  const isCharacter = [...key].length === 1;
  return isCharacter && prompt.text.length < LONGEST ? { ...state, prompt: typed(prompt, prompt.text + key) } : state;
}

/** Lists already what the filter that is being typed would leave. */
export function previewed(state: State): State {
  const { prompt, filter } = state;
  if (prompt?.for !== 'filter' || prompt.problem !== undefined || prompt.text === (filter?.text ?? '')) return state;
  return { ...state, filter: prompt.pattern, open: { ...state.open, filtered: ALL_OPEN } };
}

function typed({ for: what, before }: Prompt, text: string): Prompt {
  if (text === '') return { for: what, text, before };
  const pattern = readPattern(text);
  return { for: what, text, before, ...('problem' in pattern ? { problem: pattern.problem } : { pattern }) };
}

function entered(state: State, prompt: Prompt): State {
  const { for: what, text, pattern } = prompt;
  const closed: State = { ...state, prompt: undefined };
  if (text === '') return what === 'filter' ? { ...closed, filter: undefined } : { ...closed, search: undefined };
  if (!pattern) return state;
  if (what === 'search') {
    return state.image ? found({ ...closed, search: pattern }, state.image, pattern, 1) : closed;
  }
  const open = { ...state.open, filtered: ALL_OPEN };
  return { ...closed, filter: pattern, open, pane: 'tree', lower: 'tree' };
}
