// Pictures as the page holds them.

import {Trouble} from './api.js';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/bmp', 'image/tiff'];

/** A picture of the conversation; sent once a question about it was answered. */
export class Picture {
  constructor(blob, name) {
    this.blob = blob;
    this.name = name;
    this.url = URL.createObjectURL(blob);
    this.sent = false;
  }

  /** data:image/png;base64,... */
  async address() {
    this.encoded ??= await new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(new Trouble('Not readable', `${this.name} cannot be read.`));
      reader.readAsDataURL(this.blob);
    });
    return this.encoded;
  }

  forget() {
    URL.revokeObjectURL(this.url);
  }
}

/** Makes pictures of files, and tells what cannot be one before it is sent. */
export function accept(file, maxRequestBytes) {
  if (!TYPES.includes(file.type)) {
    throw new Trouble('Not a picture that can be read', `${file.name} is none of PNG, JPEG, WebP, GIF, BMP and TIFF.`);
  }
  // In base64 it grows by a third, and something is around it.
  if (file.size * 4 / 3 + 1000 > maxRequestBytes) {
    const most = Math.floor(maxRequestBytes * 3 / 4 / 1_000_000);
    throw new Trouble('Too large', `${file.name} is larger than ${most} MB, the most that this server takes.`);
  }
  return new Picture(file, file.name || 'pasted picture');
}
