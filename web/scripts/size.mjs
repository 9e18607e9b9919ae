// Fails when what a visitor has to fetch first, or later at once, has grown past its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const INITIAL_KB = 190;
const INITIAL_ALL_KB = 220;
const LAZY_KB = 80;

const dist = new URL('../dist/', import.meta.url);
const assets = new URL('assets/', dist);
const sizeOf = (name) => gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length / 1024;
const html = readFileSync(new URL('index.html', dist), 'utf8');

/** Everything that a module imports statically, itself included. */
function reach(name, seen) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const code = readFileSync(new URL(name, assets), 'utf8');
  for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    reach(match[1], seen);
  return seen;
}

const initial = new Set();
for (const match of html.matchAll(/\/assets\/([\w.-]+\.js)/g)) reach(match[1], initial);
// One language is always fetched before the first paint.
const words = readdirSync(assets).find((name) => name.startsWith('pt-BR-'));
if (words) reach(words, initial);

const all = readdirSync(assets).filter((name) => name.endsWith('.js'));
const js = [...initial].reduce((sum, name) => sum + sizeOf(name), 0);
const css = readdirSync(assets)
  .filter((name) => name.endsWith('.css'))
  .reduce((sum, name) => sum + sizeOf(name), 0);
const lazy = all.filter((name) => !initial.has(name) && !/^(en|pt-BR)-/.test(name));

const lines = [
  [`initial JavaScript`, js, INITIAL_KB],
  [`initial JavaScript, CSS, HTML`, js + css + html.length / 1024, INITIAL_ALL_KB],
];
for (const name of lazy) lines.push([name, sizeOf(name), LAZY_KB]);
let failed = false;
for (const [what, kb, max] of lines) {
  const over = kb > max;
  failed ||= over;
  console.log(`${over ? 'OVER ' : '     '}${kb.toFixed(1).padStart(7)} KB of ${max}  ${what}`);
}
process.exit(failed ? 1 : 0);
