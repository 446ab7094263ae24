/**
 * What the build makes: each program's first file, and its name in dist/. The one place to add another to.
 * A path that does not exist yet is left out.
 */
export const programs = [
  { from: 'src/cli.ts', to: 'cli' },
  { from: 'src/engine/worker/worker-main.ts', to: 'worker' },
];

/** Folders of files that go along as they are. */
export const copies = [{ from: 'src/store/migrations', to: 'migrations', ending: '.sql' }];

/** The console: built by vite when it is there. */
export const consoleConfig = 'console/vite.config.ts';

/** What the build is made from; a change in any of it makes a new build. */
export const inputs = [
  'src',
  'simulator',
  'console',
  'docs',
  'scripts/build.mjs',
  'scripts/lib',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
