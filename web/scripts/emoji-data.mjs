// Puts the emoji data where the picker fetches it: on this origin, never from a CDN.
import { copyFileSync, mkdirSync } from 'node:fs';

const root = new URL('..', import.meta.url);
for (const language of ['en', 'pt']) {
  const from = new URL(`node_modules/emojibase-data/${language}/`, root);
  const to = new URL(`public/emoji/${language}/`, root);
  mkdirSync(to, { recursive: true });
  for (const file of ['data.json', 'messages.json'])
    copyFileSync(new URL(file, from), new URL(file, to));
}
