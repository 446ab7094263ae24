// "npm run bench -- NAME --json …": runs bench/NAME.bench.ts; without a name lists what there is.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { ensureInstalled } = await import('./lib/install.mjs');
ensureInstalled();
const { ensureBuilt } = await import('./lib/ensure-built.mjs');
const { dist, root } = await import('./lib/paths.mjs');

const folder = join(root, 'bench');
const ending = '.bench.ts';
const files = existsSync(folder) ? readdirSync(folder) : [];
const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`);
  console.error(
    `npm run bench -- NAME [--json], where NAME is one of:\n${names.map((each) => `  ${each}`).join('\n')}`,
  );
  process.exit(name === undefined ? 0 : 1);
}
await ensureBuilt();
// Bundled beside the program, so that it measures what is shipped and finds the worker and the migrations as it does.
const { build } = await import('esbuild');
const program = join(dist, `bench-${name}.js`);
await build({
  absWorkingDir: root,
  entryPoints: [join(folder, name + ending)],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
const child = spawn(process.execPath, ['--enable-source-maps', program, ...rest], { cwd: root, stdio: 'inherit' });
process.on('SIGINT', () => undefined); // the benchmark ends itself
child.once('exit', (code) => (process.exitCode = code ?? 1));
