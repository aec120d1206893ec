// What answers here, in the header and in a dialog.

import {byId, element} from './dom.js';
import {bytes, seconds} from './format.js';

export function about(info) {
  byId('model-name').textContent = `${info.name} · ${info.backend.id}`;
  document.title = `${info.name} · llava4j`;
  const size = info.dimensions;
  const rows = [
    ['Model', info.name],
    ['Kind', info.description],
    ['Language', `${size.layers} layers of ${size.hidden}, ${size.heads} heads, ${size.vocabulary} tokens`],
    ['Vision', `${size.visionLayers} layers of ${size.visionHidden}, tiles of ${size.imageSize} pixels`],
    ['Context', `${info.context} tokens`],
    ['Memory', memory(info.memory)],
    ['Loaded', `in ${seconds(info.loadMs)}`],
    ['Runs on', `${info.backend.id}: ${info.backend.description}`],
    ['Devices', info.backend.devices.join('; ')],
  ];
  byId('facts').replaceChildren(...rows.flatMap(([name, value]) => [
    element('dt', {textContent: name}),
    element('dd', {textContent: value}),
  ]));
  byId('model').disabled = false;
  byId('model').addEventListener('click', () => byId('about').showModal());
}

function memory(sizes) {
  const native = bytes(sizes.keysAndValues + sizes.buffers);
  return `${bytes(sizes.heapUsed)} of at most ${bytes(sizes.heapMax)} of heap, ${bytes(sizes.weights)} of weights, ` +
      `at most ${native} for contexts`;
}
