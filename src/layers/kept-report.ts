import type { ImageReport, LayerReport } from '../report/image-report.ts';
import { build as thisBuild } from './build.ts';
import type { Contents, ContentsData } from './contents.ts';
import type { Image } from './image.ts';
import { identitiesOf } from './layer-identity.ts';
import { LIMITS } from './limits.ts';
import type { RecordCache } from './record-cache.ts';

/** What a report tells at once, and what it takes to tell the rest without reading bodies again. Plain data. */
export interface KeptReport {
  readonly facts: Facts;
  readonly layers: readonly Omit<LayerReport, 'changes'>[];
  readonly dive: Omit<ReturnType<ImageReport['dive']>, 'repeated'>;
  readonly contents: ContentsData;
  /** Digests by layer/index. */
  readonly digests: ReadonlyMap<string, string>;
}

type Facts = Omit<ImageReport, 'layers' | 'outline' | 'dead' | 'dive' | 'diveLayers'>;

/**
 * Reports of earlier runs: of the same image, whose files did not change, by the same build of this program. Nothing is
 * kept where one of these cannot be told.
 */
export class ReportCache {
  readonly #cache: RecordCache;
  readonly #keyNow: () => unknown;
  readonly #key: unknown;

  /**
   * @param options what else the report depends on
   * @param build tells builds of the program apart
   */
  constructor(cache: RecordCache, image: Image, options: unknown, build: unknown = thisBuild) {
    this.#cache = cache;
    this.#keyNow = () => keyOf(image, options, build);
    this.#key = this.#keyNow();
  }

  find(): KeptReport | undefined {
    return this.#key === undefined ? undefined : (this.#cache.read(this.#key) as KeptReport | undefined);
  }

  keep(report: ImageReport, contents: Contents, digests: ReadonlyMap<string, string>): void {
    if (this.#key === undefined) return;
    const { layers, outline: _, dead: _dead, dive, diveLayers: _layers, ...facts } = report;
    const { sizeBytes, efficiency, wastedBytes, wastedUserShare } = dive();
    const kept: KeptReport = {
      facts,
      layers: layers.map(({ changes: _changes, ...layer }) => layer),
      dive: { sizeBytes, efficiency, wastedBytes, wastedUserShare },
      contents: contents.data(),
      digests,
    };
    if (JSON.stringify(this.#keyNow()) === JSON.stringify(this.#key)) this.#cache.write(this.#key, kept);
  }
}

/** The report again; `compute` gives all of it, and is called when more is asked for than was kept. */
export function keptImageReport({ facts, layers, dive }: KeptReport, compute: () => ImageReport): ImageReport {
  let computed: ImageReport | undefined;
  const whole = (): ImageReport => {
    computed ??= compute();
    return computed;
  };
  return {
    ...facts,
    layers: layers.map((layer, i) => ({ ...layer, changes: () => (whole().layers[i] as LayerReport).changes() })),
    outline: () => whole().outline(),
    dead: () => whole().dead(),
    dive: () => ({
      ...dive,
      get repeated() {
        return whole().dive().repeated;
      },
    }),
    diveLayers: () => whole().diveLayers(),
  };
}

function keyOf(image: Image, options: unknown, build: unknown): unknown {
  const layers = identitiesOf(image.layers);
  return build === undefined || layers.includes(undefined)
    ? undefined
    : ['report', build, LIMITS, options, image, layers];
}
