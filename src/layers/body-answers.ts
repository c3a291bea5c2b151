import { createHash } from 'node:crypto';
import type { Layer } from './image.ts';
import { identitiesOf } from './layer-identity.ts';
import type { RecordCache } from './record-cache.ts';

/** What is asked about bodies of layers. */
export interface BodyQuestion<Answer> {
  readonly name: string;
  /** Only those that it is about: another image that has them too, among others, has the same answer. */
  readonly layers: readonly Layer[];
  /** Numbers that tell the bodies; of a layer, its index in `layers`. */
  readonly asked: Float64Array;
  isAnswer(value: unknown): value is Answer;
  find(): Promise<Answer>;
}

/**
 * The answer of an earlier run, or a new one, which is kept: under the state of the files that the layers lie in. Where that
 * cannot be told, or changed meanwhile, nothing is.
 */
export async function answerOnce<Answer>(
  cache: RecordCache | undefined,
  question: BodyQuestion<Answer>,
): Promise<Answer> {
  const key = cache && keyOf(question);
  const known = key === undefined ? undefined : cache?.read(key);
  if (question.isAnswer(known)) return known;
  const answer = await question.find();
  if (key !== undefined && JSON.stringify(keyOf(question)) === JSON.stringify(key)) cache?.write(key, answer);
  return answer;
}

function keyOf({ name, layers, asked }: BodyQuestion<unknown>): unknown {
  const places = identitiesOf(layers);
  if (places.includes(undefined)) return undefined;
  return [name, createHash('sha256').update(asked).digest('hex'), places];
}
