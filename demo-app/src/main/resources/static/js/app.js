// Puts the parts of the page together.

import {about} from './about.js';
import {Trouble, ask, model} from './api.js';
import {Conversation} from './conversation.js';
import {announce, byId, element, icon} from './dom.js';
import {EXAMPLES, picture} from './examples.js';
import {Stage} from './stage.js';
import {Turn, troubleCard} from './turn.js';

const PENCIL = 'M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19zM14.5 6.5l3 3';
const NEAR_THE_END = 80;

const question = byId('question');
const scroll = byId('scroll');
const stage = new Stage(notice);
let conversation = new Conversation();
let running = null;

function append(node) {
  byId('turns').append(node);
  scroll.scrollTop = scroll.scrollHeight;
}

/** Tells of a trouble that belongs to no question; the next question sweeps it away. */
function notice(trouble) {
  byId('notices').replaceChildren(troubleCard(trouble));
}

/** Keeps the end in view for whoever is there, and leaves alone whoever reads further up. */
function following(change) {
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_THE_END;
  change();
  if (atEnd) {
    scroll.scrollTop = scroll.scrollHeight;
  }
}

function settings() {
  const number = (id) => (byId(id).value === '' ? null : Number(byId(id).value));
  return {maxTokens: number('max-tokens'), temperature: number('temperature'), seed: number('seed')};
}

function busy(controller) {
  running = controller;
  const [shown, other] = controller === null ? [byId('send'), byId('stop')] : [byId('stop'), byId('send')];
  const focused = document.activeElement === other;
  shown.hidden = false;
  other.hidden = true;
  if (focused) {
    shown.focus();
  }
}

function send(text) {
  byId('notices').replaceChildren();
  byId('welcome').hidden = true;
  byId('fresh').hidden = false;
  const turn = new Turn(text, stage.pending());
  append(turn.node);
  answer(turn);
}

async function answer(turn) {
  const controller = new AbortController();
  const asked = conversation;
  busy(controller);
  turn.start();
  try {
    const body = await asked.request(turn.question, turn.pictures, settings());
    const whole = await ask(body, controller.signal, (text) => following(() => turn.token(text)));
    following(() => turn.done(whole));
    remember(asked, turn);
    announce(`Answer: ${whole.text}`);
  } catch (error) {
    end(error, asked, turn);
  } finally {
    if (running === controller) {
      busy(null);
    }
  }
}

function end(error, asked, turn) {
  if (error.name === 'AbortError') {
    following(() => turn.stopped());
    if (turn.received) {
      remember(asked, turn);
    }
    announce('Stopped');
    return;
  }
  const trouble = error instanceof Trouble ? error : new Trouble('The page failed', String(error));
  following(() => turn.failed(trouble, () => {
    if (!running) {
      answer(turn);
    }
  }));
}

function remember(asked, turn) {
  asked.add(turn.question, turn.pictures, turn.received);
  stage.show();
}

function submit() {
  const text = question.value.trim();
  if (running || text === '') {
    question.focus();
    return;
  }
  question.value = '';
  send(text);
}

function fresh() {
  running?.abort();
  conversation = new Conversation();
  stage.clear();
  byId('notices').replaceChildren();
  byId('turns').replaceChildren();
  byId('welcome').hidden = false;
  byId('fresh').hidden = true;
  question.focus();
}

async function showExamples() {
  for (const example of EXAMPLES) {
    const file = example.draw && await picture(example);
    const view = file
        ? element('img', {src: URL.createObjectURL(file), alt: ''})
        : element('span', {className: 'blank'}, icon(PENCIL));
    const button = element(
        'button', {type: 'button', className: 'example', title: example.name},
        view, element('span', {textContent: example.question}));
    button.addEventListener('click', () => {
      if (file) {
        stage.addAll([file]);
      }
      send(example.question);
    });
    byId('examples').append(element('li', {}, button));
  }
}

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
question.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && running && !byId('about').open) {
    running.abort();
  }
});
byId('stop').addEventListener('click', () => running?.abort());
byId('fresh').addEventListener('click', fresh);

showExamples();
model().then((info) => {
  stage.maxRequestBytes = info.maxRequestBytes;
  about(info);
}, notice);
// On a phone the keyboard would cover the examples.
if (matchMedia('(hover: hover)').matches) {
  question.focus();
}
