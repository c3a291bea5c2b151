/** Rows of each node, in their order: one pass to count, one to put. */
export function rowsByNode(nodes: Int32Array, size: number): (node: number) => number[] {
  const starts = new Int32Array(size + 1);
  for (const node of nodes) starts[node + 1] = (starts[node + 1] as number) + 1;
  for (let node = 0; node < size; node++) starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  const rows = new Int32Array(nodes.length);
  const next = starts.slice();
  for (const [row, node] of nodes.entries()) {
    rows[next[node] as number] = row;
    next[node] = (next[node] as number) + 1;
  }
  return (node) => [...rows.subarray(starts[node], starts[node + 1])];
}
