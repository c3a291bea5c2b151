/** Puts an item into a short list that is sorted by size, the largest first; gives false when it is too small for it. */
export function keepLargest<Item extends { readonly size: number }>(list: Item[], item: Item, limit: number): boolean {
  if (limit === 0 || (list.length >= limit && item.size <= (list[list.length - 1] as Item).size)) return false;
  let at = list.length;
  while (at > 0 && (list[at - 1] as Item).size < item.size) at--;
  list.splice(at, 0, item);
  if (list.length > limit) list.pop();
  return true;
}
