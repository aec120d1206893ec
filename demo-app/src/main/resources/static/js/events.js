// Server-sent events from a fetch, which can POST where EventSource cannot.

/** Yields {name, data} for each event, its data parsed as JSON; comments are skipped. */
export async function* events(body) {
  let rest = '';
  for await (const text of chunks(body)) {
    rest += text;
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const event = parse(rest.slice(0, end));
      rest = rest.slice(end + 2);
      if (event) {
        yield event;
      }
    }
  }
}

/** Not every browser iterates over a stream by itself. */
async function* chunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    yield next.value;
  }
}

function parse(block) {
  let name = 'message';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) {
      name = line.slice(7);
    } else if (line.startsWith('data: ')) {
      data += line.slice(6);
    }
  }
  return data ? {name, data: JSON.parse(data)} : null;
}
