import { z } from 'zod';

/** Translates codes of a sender into ours. Keys are compared without regard to case and to white space around them. */
export const codeTableDocument = z.strictObject({
  key: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.string().min(1).max(200),
  entries: z.record(z.string().min(1).max(200), z.string().min(1).max(200)),
});
export type CodeTable = z.infer<typeof codeTableDocument>;

export type CompiledCodeTable = (code: string) => string | undefined;

/** A code table as a function: our code, or undefined when the table does not know the sender's. */
export function compileCodeTable(table: CodeTable): CompiledCodeTable {
  const map = new Map<string, string>();
  for (const [from, to] of Object.entries(table.entries)) map.set(fold(from), to);
  // Codes mostly come as the table spells them, so that folding is the exception.
  for (const [from, to] of Object.entries(table.entries)) map.set(from, to);
  return (code) => map.get(code) ?? map.get(fold(code));
}

/** A code table with the codes of one sender in front of its own. */
export function withOwnCodes(table: CodeTable, own: Readonly<Record<string, string>> | undefined): CodeTable {
  if (own === undefined) return table;
  const taken = new Set(Object.keys(own).map(fold));
  const others = Object.entries(table.entries).filter(([code]) => !taken.has(fold(code)));
  return { ...table, entries: { ...Object.fromEntries(others), ...own } };
}

function fold(code: string): string {
  return code.trim().toUpperCase();
}
