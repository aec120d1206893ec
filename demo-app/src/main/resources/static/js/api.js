// The server's endpoints.

import {events} from './events.js';

/** What went wrong, in words for the person at the page. */
export class Trouble extends Error {
  constructor(title, detail) {
    super(detail);
    this.title = title;
  }
}

const TITLES = {
  400: 'This cannot be asked',
  408: 'Too slow',
  413: 'Too large',
  415: 'Not a picture that can be read',
  503: 'Busy',
  504: 'It took too long',
};

function troubleOf(problem) {
  const title = TITLES[problem.status] ?? 'The server could not answer';
  return new Trouble(title, sentence(problem.detail ?? problem.title ?? `HTTP status ${problem.status}`));
}

function sentence(text) {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Trouble('No connection', 'The server does not answer. Is it running?');
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw troubleOf({...problem, status: response.status});
  }
  return response;
}

/** What answers here. */
export async function model() {
  return (await send('api/model')).json();
}

/** Asks; onToken hears the answer piece by piece, and the whole of it is returned. */
export async function ask(body, signal, onToken) {
  const response = await send('api/chat/stream', {
    method: 'POST',
    headers: {'Content-Type': 'application/json', Accept: 'text/event-stream, application/problem+json'},
    body: JSON.stringify(body),
    signal,
  });
  for await (const {name, data} of whole(response.body)) {
    if (name === 'token') {
      onToken(data.text);
    } else if (name === 'done') {
      return data;
    } else if (name === 'error') {
      throw troubleOf(data);
    }
  }
  throw new Trouble('Cut off', 'The connection ended before the answer did.');
}

/** A connection that breaks in the middle is no programming error either. */
async function* whole(body) {
  try {
    yield* events(body);
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Trouble('Cut off', 'The connection ended before the answer did.');
  }
}
