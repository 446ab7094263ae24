import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout, readText } from '../support/checkout.ts';

const manifest = JSON.parse(readText('package.json')) as {
  engines: { node: string };
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

describe('the scripts', () => {
  it('ask for the same Node as the manifest', () => {
    expect(readText('scripts/lib/node-version.mjs')).toContain(`'${manifest.engines.node.replace('>=', '')}'`);
  });

  it('exist, each that the manifest names', () => {
    const named = [...Object.values(manifest.scripts), ...Object.values(manifest.bin)].flatMap(
      (command) => command.match(/[\w./-]+\.mjs/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
  });

  it('run before anything is installed: what starts first needs Node alone', () => {
    const first = ['scripts/start.mjs', 'scripts/test.mjs', 'scripts/bench.mjs', 'bin/practice-studio.mjs'];
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, specifier = ''] of readText(path).matchAll(
        /^(?:import|export)\b[^'"\n]*\bfrom ['"]([^'"]+)['"]/gm,
      )) {
        if (specifier.startsWith('.')) visit(join(path, '..', specifier).replaceAll('\\', '/'));
        else expect(specifier, `${path} imports it`).toMatch(/^node:/);
      }
    };
    first.forEach(visit);
    expect(seen.size).toBeGreaterThan(first.length);
  });
});
