// Small helpers over the DOM. Text only ever becomes text: there is no way to pass markup through here.

export const byId = (id) => document.getElementById(id);

/** An element with properties and children; a string among the children is text, null is left out. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A drawn icon from the path data of a 24 x 24 grid. */
export function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** What screen readers say, once. */
export function announce(text) {
  byId('status').textContent = text;
}
