// `npm ci` refuses a lock file that leaves out an optional package, even one for another
// platform. A registry that does not mirror every platform makes `npm install` leave such
// packages out, so this names them: enough for `npm ci` to agree and to skip or fetch them.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const packages = lock.packages;

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openbsd',
  'netbsd',
  'sunos',
  'win32',
  'aix',
  'openharmony',
];
const processors = [
  'arm64',
  'x64',
  'arm',
  'ia32',
  'riscv64',
  'ppc64',
  's390x',
  'loong64',
  'wasm32',
  'mips64el',
];

function isLocked(from, name) {
  for (let base = from; ; ) {
    if (packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true;
    if (!base) return false;
    const up = base.lastIndexOf('/node_modules/');
    base = up < 0 ? '' : base.slice(0, up);
  }
}

function stub(name, version, dev) {
  const words = name.split(/[/-]/);
  const entry = { version };
  const cpu = processors.find((word) => words.includes(word));
  const os = systems.find((word) => words.includes(word));
  if (cpu) entry.cpu = [cpu];
  if (dev) entry.dev = true;
  if (words.includes('musl')) entry.libc = ['musl'];
  else if (words.includes('gnu')) entry.libc = ['glibc'];
  entry.optional = true;
  if (os) entry.os = [os];
  return entry;
}

let added = 0;
for (const [where, entry] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(where, name)) continue;
    packages[`node_modules/${name}`] = stub(name, version, entry.dev);
    added += 1;
  }
}

lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages named in package-lock.json`);
