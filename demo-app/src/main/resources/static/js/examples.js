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

function one(context) {
  circle(context, '#d62728', 320, 240, 105);
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

function diamond(context) {
  polygon(context, '#f97316', [[320, 90], [450, 240], [320, 390], [190, 240]]);
}

/** Each with a question; the last has no picture. */
export const EXAMPLES = [
  {name: 'a circle', draw: one, question: 'What color is the circle?'},
  {name: 'a star', draw: star, question: 'Describe the picture.'},
  {name: 'two shapes', draw: shapes, question: 'How many shapes are there?'},
  {name: 'a diamond', draw: diamond, question: 'Answer as json with shape and color.'},
  {name: 'nothing yet', draw: null, question: 'Draw a blue square.'},
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
