// Builds dist/: the programs with esbuild (packages stay in node_modules), the migrations as they are, the console with vite.
// "node scripts/build.mjs" builds when something changed; "--force" always.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeHl7Tables } from './generate-hl7-tables.mjs';
import { consoleConfig } from './lib/entries.mjs';
import { fingerprint, isBuilt, markBuilt, present } from './lib/freshness.mjs';
import { dist, root } from './lib/paths.mjs';

/** Builds everything that is there; throws when something does not build. */
export async function build() {
  await writeHl7Tables();
  const before = fingerprint();
  const found = present();
  mkdirSync(dist, { recursive: true });
  await Promise.all([buildPrograms(found.programs), found.console ? buildConsole() : undefined]);
  for (const { from, to, ending } of found.copies) {
    rmSync(join(dist, to), { recursive: true, force: true });
    mkdirSync(join(dist, to), { recursive: true });
    for (const name of readdirSync(join(root, from)).filter((file) => file.endsWith(ending))) {
      cpSync(join(root, from, name), join(dist, to, name));
    }
  }
  markBuilt(before);
  return found;
}

async function buildPrograms(programs) {
  if (programs.length === 0) return;
  const { build: bundle } = await import('esbuild');
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: programs.map(({ from, to }) => ({ in: from, out: to })),
    outdir: dist,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // What only some commands need is loaded when they do, as the sources have it; all of it lies in dist/ itself,
    // so that a file finds what is beside it (the worker, the migrations) wherever its code went.
    splitting: true,
    chunkNames: 'part-[hash]',
    metafile: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
  for (const name of readdirSync(dist).filter((file) => /^part-.*\.js(\.map)?$/.test(file))) {
    if (!made.has(name)) rmSync(join(dist, name));
  }
}

async function buildConsole() {
  const vite = await import('vite');
  await vite.build({
    configFile: join(root, consoleConfig),
    root: join(root, 'console'),
    logLevel: 'warn',
    build: { outDir: join(dist, 'console'), emptyOutDir: true },
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--force') || !isBuilt()) {
    const found = await build();
    const names = [...found.programs.map(({ to }) => `${to}.js`), ...(found.console ? ['console'] : [])];
    console.log(`Built in dist/: ${names.join(', ') || 'nothing, as no entry exists yet'}`);
  } else {
    console.log('The build is up to date.');
  }
}
