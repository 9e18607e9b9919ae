import '@testing-library/jest-dom/vitest';
import 'fake-indexeddb/auto';
import { cleanup } from '@testing-library/react';
import { afterEach, beforeAll } from 'vitest';
import { speak } from '@/lib/i18n';

// What a browser has and jsdom has not.
Object.assign(globalThis, { matchMedia: (media: string) => new NoMedia(media) });
Object.assign(Element.prototype, { scrollIntoView: () => undefined });
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
  },
});
Object.assign(document, { execCommand: () => false });

class NoMedia extends EventTarget {
  readonly matches = false;
  readonly media: string;
  constructor(media: string) {
    super();
    this.media = media;
  }
}

beforeAll(() => speak('en'));

afterEach(() => {
  cleanup();
  localStorage.clear();
});
