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

function triangle(context, color, x, y, size) {
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y + size * 0.8);
  context.lineTo(x - size, y + size * 0.8);
  context.fill();
}

function write(context, text, x, y, font, color = '#202020', align = 'left') {
  context.fillStyle = color;
  context.font = `${font} Arial, Helvetica, "Liberation Sans", "DejaVu Sans", sans-serif`;
  context.textAlign = align;
  context.fillText(text, x, y);
}

function shapes(context) {
  circle(context, '#d62728', 190, 240, 105);
  square(context, '#1f5fd0', 360, 140, 200);
}

function count(context) {
  triangle(context, '#2a9d3a', 150, 150, 70);
  triangle(context, '#2a9d3a', 470, 130, 70);
  triangle(context, '#2a9d3a', 320, 350, 70);
  circle(context, '#f0b400', 150, 350, 60);
}

function invoice(context) {
  write(context, 'INVOICE', 60, 90, 'bold 44px');
  write(context, 'No. 4711', 580, 88, '26px', '#606060', 'right');
  const lines = [['Coffee', '12.00'], ['Paper', '8.50'], ['Lamp', '49.00']];
  lines.forEach(([item, price], i) => {
    write(context, item, 60, 170 + i * 52, '30px');
    write(context, price, 580, 170 + i * 52, '30px', '#202020', 'right');
  });
  context.fillStyle = '#202020';
  context.fillRect(60, 320, 520, 3);
  write(context, 'Total', 60, 385, 'bold 40px');
  write(context, '69.50', 580, 385, 'bold 40px', '#202020', 'right');
}

function failure(context) {
  context.fillStyle = '#dfe3e8';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = '#ffffff';
  context.fillRect(70, 90, 500, 300);
  context.fillStyle = '#b3261e';
  context.fillRect(70, 90, 500, 64);
  write(context, 'Error 503', 96, 134, 'bold 32px', '#ffffff');
  write(context, 'The printer is offline.', 96, 225, '28px');
  context.fillStyle = '#1f5fd0';
  context.fillRect(400, 310, 140, 54);
  write(context, 'Retry', 470, 347, 'bold 26px', '#ffffff', 'center');
}

/** Each with a question; the last has no picture. */
export const EXAMPLES = [
  {name: 'two shapes', draw: shapes, question: 'What is to the right of the red circle?'},
  {name: 'an invoice', draw: invoice, question: 'What is the total?'},
  {name: 'shapes to count', draw: count, question: 'How many triangles are there?'},
  {name: 'an error message', draw: failure, question: 'What is the error code?'},
  {name: 'nothing yet', draw: null, question: 'Draw a red circle left of a blue square.'},
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
