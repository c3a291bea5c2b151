/** How often something changes, seldom first. */
export type Volatility = 'never' | 'dependency-change' | 'source-change' | 'every-build';

const order: readonly Volatility[] = ['never', 'dependency-change', 'source-change', 'every-build'];

export function isMoreVolatile(a: Volatility, b: Volatility): boolean {
  return order.indexOf(a) > order.indexOf(b);
}

export function mostVolatile(all: Iterable<Volatility>): Volatility {
  let most: Volatility = 'never';
  for (const each of all) if (isMoreVolatile(each, most)) most = each;
  return most;
}
