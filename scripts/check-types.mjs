// Type check of the program and of the console. A checker that sees no files is content with them, so they are counted.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeHl7Tables } from './generate-hl7-tables.mjs';
import { root } from './lib/paths.mjs';
import { runTool } from './lib/run-tool.mjs';

const projects = ['tsconfig.json', 'console/tsconfig.json'].filter((path) => existsSync(join(root, path)));
await writeHl7Tables();
let failed = false;
for (const project of projects) {
  const { status, output } = await runTool('typescript', 'tsc', ['-p', project, '--noEmit', '--listFiles']);
  const lines = output.split(/\r?\n/);
  const isFile = (line) => /^(?:\/|[A-Za-z]:[\\/]).*\.(?:[cm]?tsx?|json)$/.test(line.trim());
  const ours = lines.filter((line) => isFile(line) && !line.includes('node_modules'));
  const rest = lines.filter((line) => !isFile(line) && line.trim() !== '');
  if (rest.length > 0) console.log(rest.join('\n'));
  console.log(`${project}: ${ours.length} files checked`);
  if (status !== 0 || ours.length === 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
