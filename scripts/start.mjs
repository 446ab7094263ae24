// "npm start": gets everything ready (packages, build) and starts the program; arguments after "--" are the program's.
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { runProgram } = await import('./lib/run-program.mjs');
await runProgram(['start', ...process.argv.slice(2)]);
