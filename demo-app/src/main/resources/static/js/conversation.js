// What was said so far, as the server wants to hear it.

export class Conversation {
  constructor() {
    this.turns = [];
  }

  /** The request that asks a question after everything before it. */
  async request(question, pictures, settings) {
    const messages = [];
    for (const turn of this.turns) {
      messages.push(await userMessage(turn.question, turn.pictures), {role: 'assistant', text: turn.answer});
    }
    messages.push(await userMessage(question, pictures));
    return {messages, ...settings};
  }

  /** Remembers an answered question. */
  add(question, pictures, answer) {
    this.turns.push({question, pictures, answer});
    pictures.forEach((picture) => {
      picture.sent = true;
    });
  }
}

async function userMessage(text, pictures) {
  return {role: 'user', text, images: await Promise.all(pictures.map((picture) => picture.address()))};
}
