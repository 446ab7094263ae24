import { posix } from 'node:path';

/** One import or re-export of a source file. */
export interface FoundImport {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

// Any statement that names a module at the start of a line, over several lines if need be; and import("…") anywhere.
const statement = /^[ \t]*(import|export)\b([^'"`;]*?)(?:\bfrom\b\s*)?(['"])([^'"\n]+)\3/gm;
const dynamic = /\bimport\s*\(\s*(['"])([^'"\n]+)\1\s*\)/g;
const workerUrl = /\bnew URL\(\s*(['"])(\.{1,2}\/[^'"\n]+\.tsx?)\1\s*,\s*import\.meta\.url/g;

/** The imports of a TypeScript file: static, re-exported, dynamic, and of worker files by their address. */
export function findImports(source: string): FoundImport[] {
  const text = withoutComments(source);
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const found: FoundImport[] = [];
  for (const match of text.matchAll(statement)) {
    const [, keyword = '', middle = '', , specifier = ''] = match;
    const names = middle.trim();
    if (keyword === 'export' && !/[*}]\s*(?:as\s+\w+\s*)?(?:from\s*)?$/.test(names)) continue; // export const x = '…'
    found.push({ specifier, typeOnly: /^type\b/.test(names), line: lineAt(match.index) });
  }
  for (const pattern of [dynamic, workerUrl]) {
    for (const match of text.matchAll(pattern)) {
      found.push({ specifier: match[2] ?? '', typeOnly: false, line: lineAt(match.index) });
    }
  }
  return found;
}

/** The file that a relative import means, as a path from the checkout; null for a package or a built-in. */
export function resolveImport(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null;
}

/** Blanks comments out, keeping lines; strings are stepped over, so that "//" in an address is none. */
function withoutComments(source: string): string {
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return source.replace(tokens, (token) => (/^\/[*/]/.test(token) ? token.replace(/[^\n]/g, ' ') : token));
}
