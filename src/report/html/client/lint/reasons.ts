import { element } from '../dom.ts';

/** A rule's name in a finding opens its reason right there; without the script it leads to the list of rules. */
export function startReasons(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('.finding .head a');
    const finding = link?.closest<HTMLElement>('.finding');
    if (!link || !finding || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const known = document.getElementById(link.hash.slice(1))?.querySelector('.reason');
    if (!known) return;
    event.preventDefault();
    const open = finding.querySelector('.why');
    if (open) open.remove();
    else finding.append(element('div', { class: 'why' }, known.cloneNode(true)));
    link.setAttribute('aria-expanded', String(!open));
  });
}
