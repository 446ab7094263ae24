import { spawn } from 'node:child_process';
import { root } from './paths.mjs';
import { runTool } from './run-tool.mjs';

/**
 * The checks besides the tests; each counts as one. `sees` tells from what it said whether it looked at anything at all.
 */
export const checks = [
  {
    name: 'format',
    run: () => runTool('prettier', 'prettier', ['--check', '.']),
    sees: (output) => output.includes('All matched files'),
  },
  {
    name: 'types',
    run: () => runScript('scripts/check-types.mjs'),
    sees: (output) => /: [1-9]\d* files checked/.test(output),
  },
  {
    name: 'lint',
    run: () => runTool('oxlint', 'oxlint', ['--type-aware', '--deny-warnings']),
    sees: (output) => /on [1-9]\d* files/.test(output),
  },
  {
    name: 'dead code',
    run: () => runTool('knip', 'knip', ['--no-progress']),
    sees: () => true, // what it sees is held by test/house/dead-code.test.ts
  },
];

function runScript(path) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
}
