import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './install.mjs';
import { dist, root } from './paths.mjs';

/** Gets the program ready and runs it in this process, with the given arguments of its command line. */
export async function runProgram(args) {
  ensureInstalled();
  try {
    await ensureBuilt();
  } catch (error) {
    console.error(error.message);
    console.error('The program could not be built (see above).');
    process.exit(1);
  }
  module.enableCompileCache?.(join(root, 'node_modules/.cache/practice-studio'));
  process.setSourceMapsEnabled(true);
  const program = join(dist, 'cli.js');
  process.argv = [process.argv[0], program, ...args];
  await import(pathToFileURL(program).href);
}
