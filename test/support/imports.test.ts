import { describe, expect, it } from 'vitest';
import { findImports, resolveImport } from './imports.ts';

describe('findImports', () => {
  it('finds every way to import, with its line', () => {
    const source = `import a from './a.ts';
import type { B } from "./b.ts";
import {
  c,
  d,
} from './c.ts';
import './e.ts';
export { f } from './f.ts';
export * from './g.ts';
export type { H } from './h.ts';
const later = await import('./i.ts');
new Worker(new URL('./j.ts', import.meta.url));
`;
    expect(findImports(source)).toEqual([
      { specifier: './a.ts', typeOnly: false, line: 1 },
      { specifier: './b.ts', typeOnly: true, line: 2 },
      { specifier: './c.ts', typeOnly: false, line: 3 },
      { specifier: './e.ts', typeOnly: false, line: 7 },
      { specifier: './f.ts', typeOnly: false, line: 8 },
      { specifier: './g.ts', typeOnly: false, line: 9 },
      { specifier: './h.ts', typeOnly: true, line: 10 },
      { specifier: './i.ts', typeOnly: false, line: 11 },
      { specifier: './j.ts', typeOnly: false, line: 12 },
    ]);
  });

  it('takes no comment and no text for an import', () => {
    const source = `// import x from './x.ts';
/* import y
 from './y.ts' */
export const address = 'http://host/'; // export * from './z.ts'
export const word = 'from';
`;
    expect(findImports(source)).toEqual([]);
  });
});

describe('resolveImport', () => {
  it('follows relative paths and leaves packages alone', () => {
    expect(resolveImport('src/engine/intake/x.ts', '../../domain/ids.ts')).toBe('src/domain/ids.ts');
    expect(resolveImport('src/engine/x.ts', 'node:fs')).toBeNull();
  });
});
