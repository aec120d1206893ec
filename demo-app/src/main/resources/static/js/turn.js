// One question and its answer, as they appear.

import {element} from './dom.js';
import {drawing, svgOf} from './drawing.js';
import {plural, seconds} from './format.js';

export class Turn {
  constructor(question, pictures) {
    this.question = question;
    this.pictures = pictures;
    this.received = '';
    this.tokens = 0;
    this.text = element('div', {className: 'text'});
    this.waiting = element('p', {className: 'waiting'});
    this.answer = element('div', {className: 'answer'}, this.waiting, this.text);
    this.node = element('article', {className: 'turn'}, this.asked(), this.answer);
  }

  asked() {
    const thumbnails = this.pictures.map((picture) => element('img', {src: picture.url, alt: picture.name}));
    return element('div', {className: 'asked'}, ...thumbnails, element('p', {textContent: this.question}));
  }

  start() {
    this.received = '';
    this.tokens = 0;
    this.text.textContent = '';
    this.answer.replaceChildren(this.waiting, this.text);
    this.answer.setAttribute('aria-busy', 'true');
    this.begun = performance.now();
    this.wait();
    this.clock = setInterval(() => this.wait(), 1000);
  }

  wait() {
    const passed = Math.round((performance.now() - this.begun) / 1000);
    const what = this.pictures.length > 0 ? 'Looking at the picture' : 'Reading the question';
    this.waiting.textContent = passed > 1 ? `${what}, ${passed} s` : what;
  }

  token(text) {
    this.stopWaiting();
    this.received += text;
    this.tokens++;
    this.text.append(text);
  }

  stopWaiting() {
    clearInterval(this.clock);
    this.waiting.remove();
  }

  end() {
    this.stopWaiting();
    this.answer.setAttribute('aria-busy', 'false');
  }

  done(answer) {
    this.end();
    this.received = answer.text;
    this.show(answer.text);
    this.answer.append(this.after(facts(answer)));
  }

  stopped() {
    this.end();
    this.answer.append(this.after(element('p', {textContent: 'Stopped'})));
  }

  show(text) {
    const svg = svgOf(text);
    if (svg) {
      this.text.replaceWith(drawing(svg));
    } else {
      this.text.textContent = text || 'The model said nothing.';
    }
  }

  after(about) {
    const copy = element('button', {type: 'button', className: 'quiet', textContent: 'Copy'});
    copy.addEventListener('click', async () => {
      await navigator.clipboard.writeText(this.received);
      copy.textContent = 'Copied';
    });
    return element('footer', {className: 'after'}, about, this.received ? copy : null);
  }

  failed(trouble, retry) {
    this.end();
    const again = element('button', {type: 'button', textContent: 'Try again'});
    again.addEventListener('click', retry);
    this.answer.append(troubleCard(trouble, again));
  }
}

/** What went wrong, where it happened. */
export function troubleCard(trouble, action = null) {
  const card = element(
      'div', {className: 'trouble'}, element('strong', {textContent: trouble.title}),
      element('p', {textContent: trouble.message}), action);
  card.setAttribute('role', 'alert');
  return card;
}

function facts(answer) {
  const {usage, timings, finishReason} = answer;
  const cut = finishReason === 'length' ? ', cut off by the limit' : '';
  const words = plural(usage.outputTokens, 'token') + cut;
  if (!timings) {
    return element('p', {textContent: words});
  }
  const vision = timings.imageMs + timings.visionMs;
  const total = vision + timings.prefillMs + timings.decodeMs;
  const rate = usage.outputTokens > 1 ? ` · ${(1000 * (usage.outputTokens - 1) / timings.decodeMs).toFixed(1)} tokens/s` : '';
  const parts = [
    ['vision', 'pictures', vision],
    ['prompt', 'prompt', timings.prefillMs],
    ['words', 'answer', timings.decodeMs],
  ].filter(([, , ms]) => ms >= 1);
  return element(
      'details', {}, element('summary', {textContent: `${words}${rate} · ${seconds(total)}`}),
      meter(parts), legend(parts), element('p', {textContent: input(usage)}));
}

function meter(parts) {
  const bar = element('div', {className: 'meter', ariaHidden: 'true'});
  for (const [kind, , ms] of parts) {
    const part = element('span', {className: kind});
    part.style.flexGrow = ms;
    bar.append(part);
  }
  return bar;
}

function legend(parts) {
  const entries = parts.map(([kind, name, ms]) =>
    element('span', {}, element('i', {className: kind}), `${name} ${seconds(ms)}`));
  return element('p', {className: 'legend'}, ...entries);
}

function input(usage) {
  const image = usage.imageTokens > 0 ? `, ${usage.imageTokens} of them pictures` : '';
  const cached = usage.cachedTokens > 0 ? `; ${usage.cachedTokens} were known from before` : '';
  return `Read ${plural(usage.inputTokens, 'token')}${image}${cached}.`;
}
