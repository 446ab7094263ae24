// Runs on any Node that knows modules: nothing newer may be used here.

/** The oldest Node that the program runs on: "engines" of package.json says the same. */
export const oldestNode = '20.19.0';

/** Ends with one sentence where Node is too old. */
export function requireNode() {
  const has = process.versions.node.split('.').map(Number);
  const needs = oldestNode.split('.').map(Number);
  const at = needs.findIndex((number, place) => number !== has[place]);
  if (at === -1 || has[at] > needs[at]) return;
  console.error(`Practice Studio needs Node.js ${oldestNode} or newer, and this is ${process.versions.node}.`);
  process.exit(1);
}
