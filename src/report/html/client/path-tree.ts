/** All paths of the page as a tree. A node is a number, greater than its parent's; 0 is the root. */
export class PathTree {
  readonly #parents: number[] = [0];
  readonly #names: string[] = [''];
  readonly #children: (Map<string, number> | undefined)[] = [];
  #ranks: Int32Array | undefined;
  #lowered: string[] | undefined;

  get size(): number {
    return this.#names.length;
  }

  parent(node: number): number {
    return this.#parents[node] as number;
  }

  name(node: number): string {
    return this.#names[node] as string;
  }

  /** The node of a name in a directory; made when it is new. */
  child(directory: number, name: string): number {
    let children = this.#children[directory];
    if (!children) {
      children = new Map();
      this.#children[directory] = children;
    }
    const known = children.get(name);
    if (known !== undefined) return known;
    const node = this.#names.length;
    children.set(name, node);
    this.#names.push(name);
    this.#parents.push(directory);
    return node;
  }

  children(node: number): Iterable<number> {
    return this.#children[node]?.values() ?? [];
  }

  hasChildren(node: number): boolean {
    return this.#children[node] !== undefined;
  }

  /** From the root to the node; the root itself is left out. */
  trail(node: number): number[] {
    const trail: number[] = [];
    for (let at = node; at > 0; at = this.parent(at)) trail.push(at);
    return trail.reverse();
  }

  path(node: number): string {
    return this.trail(node)
      .map((at) => this.name(at))
      .join('/');
  }

  isBelow(node: number, directory: number): boolean {
    let at = node;
    while (at > directory) at = this.parent(at);
    return at === directory;
  }

  /** Place of each node in the order of paths, directories before what is in them. Computed once. */
  ranks(): Int32Array {
    this.#ranks ??= this.#rankAll();
    return this.#ranks;
  }

  #rankAll(): Int32Array {
    const ranks = new Int32Array(this.size);
    const waiting = [0];
    for (let rank = 0; waiting.length > 0; rank++) {
      const node = waiting.pop() as number;
      ranks[node] = rank;
      const children = [...this.children(node)];
      children.sort((a, b) => (this.name(a) < this.name(b) ? 1 : -1));
      for (const child of children) waiting.push(child);
    }
    return ranks;
  }

  /** The whole path of each node in lower case, for the search. Computed once. */
  lowered(): readonly string[] {
    this.#lowered ??= this.#lowerAll();
    return this.#lowered;
  }

  #lowerAll(): string[] {
    const paths: string[] = [''];
    for (let node = 1; node < this.size; node++) {
      const parent = this.parent(node);
      const name = this.name(node).toLowerCase();
      paths.push(parent === 0 ? name : `${paths[parent]}/${name}`);
    }
    return paths;
  }
}
