import type { RegistryLocator } from '../../image.ts';
import { type ClientOptions, RegistryClient } from './client.ts';

/** The clients of one run, one for each repository: so that a token serves all layers of an image. */
export class Connections {
  readonly #options: ClientOptions;
  readonly #clients = new Map<string, RegistryClient>();

  constructor(options: ClientOptions = {}) {
    this.#options = options;
  }

  /** The client for the repository that a blob's address names. */
  clientFor({ url }: RegistryLocator): RegistryClient {
    const { origin, pathname } = new URL(url);
    const repository = pathname.slice('/v2/'.length, pathname.lastIndexOf('/blobs/'));
    const key = `${origin}/${repository}`;
    const known = this.#clients.get(key);
    if (known) return known;
    const client = new RegistryClient(new URL(origin), repository, this.#options);
    this.#clients.set(key, client);
    return client;
  }
}
