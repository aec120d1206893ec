// Answers that are drawings. A model's SVG is shown as a picture and never becomes part of the page: in an <img> no
// script runs and nothing is loaded.

import {element} from './dom.js';

const SVG = /^(?:```(?:svg|xml)?\s*)?(?:<\?xml[^>]*\?>\s*)?(<svg[\s>][\s\S]*<\/svg>)\s*(?:```)?$/;
const NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"';

/** The SVG document that an answer is, or null if it is something else. */
export function svgOf(answer) {
  const found = SVG.exec(answer.trim());
  return found && found[1];
}

/** The drawing beside its source. */
export function drawing(source) {
  const whole = source.includes('xmlns=') ? source : source.replace('<svg', `<svg ${NAMESPACE}`);
  const url = URL.createObjectURL(new Blob([whole], {type: 'image/svg+xml'}));
  const image = element('img', {src: url, alt: 'What the model drew'});
  image.addEventListener('load', () => URL.revokeObjectURL(url));
  image.addEventListener('error', () => {
    URL.revokeObjectURL(url);
    image.replaceWith(element('p', {textContent: 'The model began a drawing that is not whole; this is its source.'}));
  });
  const code = element('pre', {tabIndex: 0, textContent: source});
  code.setAttribute('aria-label', 'Source of the drawing');
  return element('div', {className: 'drawing'}, image, code);
}
