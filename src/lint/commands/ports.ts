import type { Span } from '../../report/finding.ts';
import type { Step } from '../semantic/model.ts';
import type { Word } from '../syntax.ts';

/** One word of EXPOSE: `[[ip:]host:]port[-port][/protocol]` (Dockerfile reference, EXPOSE; Docker CLI, --publish). */
export interface ExposedPort {
  readonly word: Word;
  /** Variables filled in. */
  readonly text: string;
  /** The container's port or range. */
  readonly port: string;
  readonly portSpan: Span;
  /** First and last port; absent when they are no numbers. */
  readonly from?: number;
  readonly to?: number;
  /** `tcp` when none is written; as written. */
  readonly protocol: string;
  readonly protocolSpan?: Span;
  /** Address and host port, which EXPOSE has no use for, with the colon behind them. */
  readonly host?: string;
  readonly hostSpan?: Span;
}

/** The ports that EXPOSE names, those that depend on unknown variables left out. */
export function exposedPorts(step: Step): readonly ExposedPort[] {
  const { instruction } = step;
  if (instruction.keyword !== 'EXPOSE') return [];
  return instruction.words.flatMap((word) => {
    const { text } = step.expand(word.raw);
    return (text ?? '')
      .split(/\s+/)
      .filter((part) => part !== '')
      .map((part) => readPort(word, part));
  });
}

function readPort(word: Word, text: string): ExposedPort {
  const slash = text.indexOf('/');
  const before = slash < 0 ? text : text.slice(0, slash);
  const colon = before.lastIndexOf(':');
  const port = before.slice(colon + 1);
  const [, from, to = from] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(port) ?? [];
  return {
    word,
    text,
    port,
    portSpan: partOf(word, text, colon + 1, before.length),
    ...(from === undefined ? {} : { from: Number(from), to: Number(to) }),
    protocol: slash < 0 ? 'tcp' : text.slice(slash + 1),
    ...(slash < 0 ? {} : { protocolSpan: partOf(word, text, slash + 1, text.length) }),
    ...(colon < 0 ? {} : { host: before.slice(0, colon + 1), hostSpan: partOf(word, text, 0, colon + 1) }),
  };
}

/** Where a part of a word stands, as far as the word is written out on one line. */
function partOf({ span, raw }: Word, text: string, start: number, end: number): Span {
  if (raw !== text || span.end - span.start !== raw.length) return span;
  return { start: span.start + start, end: span.start + end };
}
