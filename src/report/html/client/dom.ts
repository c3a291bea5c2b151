import { printable } from '../../inspect-name.ts';

/** An element of the page, which the page's own HTML has. */
export function part<E extends Element = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found as unknown as E;
}

type Child = Node | string;

/** A new element. Text is set as text, with what would steer the line shown as escapes; there is no other way in. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === 'string' ? printable(child) : child)));
  return made;
}

export function button(label: string, onPress: () => void, attributes: Readonly<Record<string, string>> = {}) {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onPress);
  return made;
}

/** A rectangle of the page's colours. */
export function swatch(fill: string): SVGElement {
  const svg = svgElement('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true' });
  svg.append(svgElement('rect', { width: '10', height: '10', rx: '2', fill }));
  return svg;
}

export function svgElement(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
