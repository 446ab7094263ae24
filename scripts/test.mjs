// "npm test": gets everything ready, runs all checks and tests, and ends with their counts.
// "npm test -- PATH …" runs only the test files whose path matches.
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { ensureInstalled } = await import('./lib/install.mjs');
ensureInstalled();
const { runEverything } = await import('./lib/test-run.mjs');
process.exitCode = await runEverything(process.argv.slice(2));
