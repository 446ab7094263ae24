// Renders every page of the console with demo data into docs/screenshots/ and fails on an axe violation, a console error
// or a page without a picture. "node scripts/screenshots.mjs [DIRECTORY]".
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findChromium, walkConsole } from './lib/console-walk.mjs';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { root } from './lib/paths.mjs';

const executablePath = findChromium();
if (executablePath === undefined) {
  console.error('No Chromium on this machine: install the package "chromium", or name the program in CHROMIUM.');
  process.exit(1);
}
const directory = resolve(process.argv[2] ?? join(root, 'docs/screenshots'));
await ensureBuilt();
mkdirSync(directory, { recursive: true });
for (const name of readdirSync(directory)) if (name.endsWith('.png')) rmSync(join(directory, name));

const { problems, looked, pages } = await walkConsole({
  executablePath,
  directory,
  views: [
    { size: { width: 1440, height: 900 }, schemes: ['light', 'dark'] },
    { size: { width: 768, height: 1024 }, schemes: ['light', 'dark'] },
  ],
  say: (line) => console.log(line),
});
const bytes = looked.reduce((sum, { file }) => sum + statSync(file).size, 0);
console.log(`${looked.length} pictures of ${pages} pages, ${(bytes / 1024 / 1024).toFixed(1)} MB`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
