// A few pictures to try, drawn here so that nothing needs to be downloaded.

const WIDTH = 640;
const HEIGHT = 480;

function circle(context, color, x, y, radius) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function square(context, color, x, y, side) {
  context.fillStyle = color;
  context.fillRect(x, y, side, side);
}

function polygon(context, color, points) {
  context.fillStyle = color;
  context.beginPath();
  points.forEach(([x, y]) => context.lineTo(x, y));
  context.fill();
}

function shapes(context) {
  circle(context, '#d62728', 190, 240, 105);
  square(context, '#1f5fd0', 360, 140, 200);
}

function star(context) {
  polygon(context, '#7e22ce', Array.from({length: 10}, (_, i) => {
    const radius = i % 2 ? 65 : 155;
    return [320 + radius * Math.sin(i * Math.PI / 5), 250 - radius * Math.cos(i * Math.PI / 5)];
  }));
}

function text(context, words, size, x, y, color = '#111111') {
  context.fillStyle = color;
  context.font = `${size}px sans-serif`;
  context.fillText(words, x, y);
}

function invoice(context) {
  text(context, 'Invoice', 'bold 72', 60, 120);
  text(context, 'Coffee', 48, 60, 215);
  text(context, '120', 48, 500, 215);
  text(context, 'Bread', 48, 60, 285);
  text(context, '118', 48, 500, 285);
  context.fillRect(60, 315, 520, 3);
  text(context, 'Total', 'bold 52', 60, 390);
  text(context, '238', 'bold 52', 490, 390);
}

function error(context) {
  text(context, 'Error', 'bold 72', 60, 130);
  text(context, 'Code: 404', 52, 60, 230);
  context.fillStyle = '#1f5fd0';
  context.fillRect(60, 300, 240, 100);
  text(context, 'Retry', 48, 120, 367, '#ffffff');
}

/** Each with a question; the last has no picture. */
export const EXAMPLES = [
  {name: 'two shapes', draw: shapes, question: 'Where is the circle relative to the square?'},
  {name: 'a star', draw: star, question: 'Answer as json with shape and color.'},
  {name: 'an invoice', draw: invoice, question: 'What is the total?'},
  {name: 'an error', draw: error, question: 'What is the error code?'},
  {name: 'a drawing', draw: null, question: 'Draw a red circle left of a blue square.'},
];

/** The example's picture as a PNG file. */
export function picture(example) {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  example.draw(context);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(new File([blob], `${example.name}.png`, {type: 'image/png'})), 'image/png');
  });
}
