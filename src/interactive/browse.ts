import type { Image } from '../layers/image.ts';
import type { OpenInspectedOptions } from '../layers/inspect.ts';
import { readBodies } from '../layers/read-bodies.ts';
import { Scratch } from '../layers/scratch.ts';
import type { ImageReport } from '../report/image-report.ts';
import { BrowsedImage } from './browsed-image.ts';
import type { Key } from './keys.ts';
import { load } from './load.ts';
import { MOST_BYTES } from './pager.ts';
import { type Reading, type StartOptions, type State, sinceOf, startState, type Wish } from './state.ts';
import { type HeldTerminal, holdTerminal } from './terminal.ts';
import { type Happening, happen, update } from './update.ts';

export interface BrowseOptions
  extends Omit<OpenInspectedOptions, 'scratch' | 'signal' | 'layer' | 'onImage' | 'onProgress'> {
  readonly color: boolean;
  /** What is selected and listed at first. */
  readonly start: Omit<StartOptions, 'reference' | 'size'>;
  /** Adds to the report what is known elsewhere, e.g. lines of a Dockerfile. */
  readonly complete?: (report: ImageReport) => Promise<ImageReport>;
}

/**
 * Shows an image on the terminal until its user has seen enough: 0, or 130 after Ctrl-C. The image is read meanwhile.
 * Errors: those of `inspectImage`, thrown when the terminal is as it was; `E_USAGE` where there is none.
 */
export async function browse(reference: string, options: BrowseOptions): Promise<0 | 130> {
  const scratch = new Scratch();
  const isPiped = reference === '-' || reference === '/dev/stdin';
  const terminal = holdTerminal(isPiped, options.color);
  try {
    return await new Session(reference, options, scratch, terminal).run(isPiped);
  } finally {
    terminal.release();
    scratch.dispose();
  }
}

/** So long after a key, in ms, the layers beside the selected one are made ready. */
const IDLE = 40;
/** So long, in ms, keys may have to wait for something that was begun before they came. */
const SLICE = 8;
/** Between two looks at how much has come through a pipe, in ms. */
const PIPE_TICK = 200;

/** One sitting: what is shown, and what goes on behind it. */
class Session {
  readonly #reference: string;
  readonly #options: BrowseOptions;
  readonly #scratch: Scratch;
  readonly #terminal: HeldTerminal;
  /** Ends the reading of the image. */
  readonly #stop = new AbortController();
  /** Ends the reading of a file. */
  #reader = new AbortController();
  /** Once it is known, with layers that may still be read. */
  #image: Image | undefined;
  #state: State;
  #idle: NodeJS.Timeout | undefined;

  constructor(reference: string, options: BrowseOptions, scratch: Scratch, terminal: HeldTerminal) {
    this.#reference = reference;
    this.#options = options;
    this.#scratch = scratch;
    this.#terminal = terminal;
    this.#state = startState({ ...options.start, reference, size: terminal.size() });
  }

  async run(isPiped: boolean): Promise<0 | 130> {
    const watch = isPiped ? setInterval(() => this.#watchPipe(), PIPE_TICK) : undefined;
    try {
      return await new Promise<0 | 130>((end, fail) => {
        this.#terminal.hold({
          keys: (keys) => this.#type(keys, end),
          resized: (size) => this.#happen({ what: 'resized', size }),
          interrupted: () => end(130),
          failed: fail,
        });
        this.#terminal.show(this.#state);
        this.#load().then((image) => this.#happen({ what: 'image', image }), fail);
      });
    } finally {
      clearInterval(watch);
      clearTimeout(this.#idle);
      this.#stop.abort();
      this.#reader.abort();
      // What still waits for more to come would keep the process alive.
      if (isPiped) process.stdin.destroy();
    }
  }

  async #load(): Promise<BrowsedImage> {
    const { color: _, start: _start, complete, ...reading } = this.#options;
    const onImage = (image: Image): void => {
      this.#image = image;
    };
    const options = { ...reading, scratch: this.#scratch, signal: this.#stop.signal, onImage };
    const onReading = (progress: Reading): void => {
      this.#happen({ what: 'progress', reading: progress });
      // Layers may be read without a turn of the event loop between them.
      this.#terminal.showNow(this.#state);
    };
    const inspected = await load(this.#reference, options, onReading, (image) => {
      if (!this.#stop.signal.aborted) this.#happen({ what: 'preview', image });
    });
    const report = complete ? await complete(inspected.report) : inspected.report;
    const image = new BrowsedImage({ report, tree: inspected.tree });
    image.prepareSearch();
    return image;
  }

  #watchPipe(): void {
    const { reading, image } = this.#state;
    if (image || reading.total !== null) return;
    this.#happen({ what: 'progress', reading: { ...reading, done: process.stdin.bytesRead } });
  }

  #type(keys: readonly Key[], end: (code: 0 | 130) => void): void {
    for (const key of keys) {
      this.#state = update(this.#state, key);
      if (this.#state.wish) this.#fulfil(this.#state.wish, end);
    }
    this.#shown();
  }

  #happen(event: Happening): void {
    this.#state = happen(this.#state, event);
    this.#shown();
  }

  #shown(): void {
    this.#terminal.show(this.#state);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#prepare(), IDLE);
  }

  /** Lists what a filter would leave, or makes the trees that are likely to be asked for next: in slices, for the keys between. */
  #prepare(): void {
    const { image, layer, prompt, filter } = this.#state;
    if (!image) return;
    const isTyped = prompt?.for === 'filter' && prompt.problem === undefined && prompt.text !== (filter?.text ?? '');
    if (!isTyped) {
      const more = image.prepareTree(layer, (next) => sinceOf({ ...this.#state, layer: next }));
      if (more) this.#idle = setTimeout(() => this.#prepare(), 0);
    } else if (prompt.pattern) this.#match(image.matching(prompt.pattern));
    else this.#happen({ what: 'paused' });
  }

  #match(matching: Iterator<void>): void {
    const end = performance.now() + SLICE;
    let isDone = false;
    while (!isDone && performance.now() < end) isDone = matching.next().done === true;
    if (isDone) this.#happen({ what: 'paused' });
    // A key takes the timer away, and with it what was typed before.
    else this.#idle = setTimeout(() => this.#match(matching), 0);
  }

  #fulfil(wish: Wish, end: (code: 0 | 130) => void): void {
    switch (wish.to) {
      case 'quit':
        end(wish.code);
        break;
      case 'suspend':
        this.#terminal.suspend();
        break;
      case 'redraw':
        this.#terminal.redraw();
        break;
      case 'stop-reading':
        this.#reader.abort();
        break;
      case 'read':
        this.#reader.abort();
        this.#reader = new AbortController();
        void this.#read(wish, this.#reader.signal);
    }
  }

  async #read({ layer, path, bodyOffset, size }: Extract<Wish, { to: 'read' }>, signal: AbortSignal): Promise<void> {
    const stored = this.#image?.layers[layer - 1];
    if (!stored) return;
    try {
      const range = { bodyOffset, size: Math.min(size, MOST_BYTES) };
      const where = `${this.#reference}: layer ${layer}`;
      const [bytes = new Uint8Array()] = await readBodies(stored.at, [range], { where, signal });
      if (!signal.aborted) this.#happen({ what: 'file', path, bytes, size });
    } catch (error) {
      if (!signal.aborted) this.#happen({ what: 'failed', error });
    }
  }
}
