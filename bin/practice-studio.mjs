#!/usr/bin/env node
// "npx practice-studio …" from the checkout: gets everything ready like "npm start" and runs the command.
import { requireNode } from '../scripts/lib/node-version.mjs';

requireNode();
const { runProgram } = await import('../scripts/lib/run-program.mjs');
await runProgram(process.argv.slice(2));
