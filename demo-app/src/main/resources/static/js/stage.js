// The pictures of the conversation, and the ways in which new ones come.

import {announce, byId, element, icon} from './dom.js';
import {accept} from './pictures.js';

const CROSS = 'M6 6l12 12M18 6 6 18';

export class Stage {
  /** onTrouble hears of files that are no pictures. */
  constructor(onTrouble) {
    this.pictures = [];
    this.maxRequestBytes = Infinity;
    this.onTrouble = onTrouble;
    this.list = byId('pictures');
    const files = byId('files');
    byId('choose').addEventListener('click', () => files.click());
    byId('attach').addEventListener('click', () => files.click());
    files.addEventListener('change', () => {
      this.addAll(files.files);
      files.value = '';
    });
    document.addEventListener('paste', (event) => this.paste(event));
    this.listenToDrops(document.querySelector('.stage'));
  }

  listenToDrops(area) {
    const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
    // The whole page takes drops, so that a near miss does not open the file in place of the page.
    document.addEventListener('dragover', (event) => {
      if (hasFiles(event)) {
        event.preventDefault();
        area.classList.add('over');
      }
    });
    document.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) {
        area.classList.remove('over');
      }
    });
    document.addEventListener('drop', (event) => {
      if (hasFiles(event)) {
        event.preventDefault();
        area.classList.remove('over');
        this.addAll(event.dataTransfer.files);
      }
    });
  }

  paste(event) {
    const files = event.clipboardData?.files ?? [];
    if (files.length > 0) {
      event.preventDefault();
      this.addAll(files);
    }
  }

  addAll(files) {
    for (const file of files) {
      try {
        this.add(accept(file, this.maxRequestBytes));
      } catch (trouble) {
        this.onTrouble(trouble);
      }
    }
    if (matchMedia('(hover: hover)').matches) {
      byId('question').focus();
    }
  }

  add(picture) {
    this.pictures.push(picture);
    this.show();
    announce(`${picture.name} added`);
  }

  /** Pictures that no answered question had. */
  pending() {
    return this.pictures.filter((picture) => !picture.sent);
  }

  remove(picture) {
    this.pictures = this.pictures.filter((other) => other !== picture);
    picture.forget();
    this.show();
    announce(`${picture.name} removed`);
    byId('question').focus();
  }

  clear() {
    this.pictures.forEach((picture) => picture.forget());
    this.pictures = [];
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.pictures.map((picture) => this.item(picture)));
  }

  item(picture) {
    const caption = element('figcaption', {textContent: picture.name});
    const image = element('img', {src: picture.url, alt: picture.name});
    image.addEventListener('load', () => {
      caption.textContent = `${picture.name}, ${image.naturalWidth} × ${image.naturalHeight}`;
    });
    const figure = element('figure', {className: 'picture'}, image, caption);
    if (!picture.sent) {
      const remove = element('button', {type: 'button', className: 'icon', title: 'Remove'}, icon(CROSS));
      remove.setAttribute('aria-label', `Remove ${picture.name}`);
      remove.addEventListener('click', () => this.remove(picture));
      figure.append(remove);
    }
    return element('li', {className: 'slot'}, figure);
  }
}
