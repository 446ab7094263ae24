import { createRequire } from 'node:module';

// The message structures and segments of the standard, from a package that the simulator does not use: an independent
// witness of what is generated.

interface Part {
  readonly name: string;
  readonly min: number;
  /** 0: any number. */
  readonly max: number;
  readonly children?: readonly Part[];
}
interface Field {
  readonly opt: number;
  readonly desc: string;
}
type Definitions = Readonly<
  Record<
    string,
    {
      readonly messages: Readonly<Record<string, { readonly segments: { readonly segments: readonly Part[] } }>>;
      readonly segments: Readonly<Record<string, { readonly fields: readonly Field[] }>>;
    }
  >
>;

const { definitions } = createRequire(import.meta.url)('hl7-dictionary') as { readonly definitions: Definitions };
/** The package knows no 2.8; in what the simulator sends, 2.7.1 has the same structures. */
const KNOWN: Readonly<Record<string, string>> = { '2.8': '2.7.1' };
const REQUIRED = 2;

/** Structures that the package has under another event. */
const SAME_AS: Readonly<Record<string, string>> = { MDM_T06: 'MDM_T02', MDM_T11: 'MDM_T01' };

/** Whether segment names, in order, are a message of that type as the standard's abstract syntax has it. Z-segments may stand anywhere. */
export function fitsStructure(version: string, type: string, names: readonly string[]): boolean {
  const messages = definitions[KNOWN[version] ?? version]?.messages;
  const name = type.replace('^', '_');
  const message = messages?.[name] ?? messages?.[SAME_AS[name] ?? ''];
  if (message === undefined) throw new Error(`No structure is known of ${type} in ${version}.`);
  const pattern = new RegExp(`^${message.segments.segments.map(patternOf).join('')}$`);
  return pattern.test(names.filter((name) => !name.startsWith('Z')).join(' ') + ' ');
}

function patternOf(part: Part): string {
  const inner = part.children?.map(patternOf).join('') ?? `(?:${part.name.split(',').join('|')}) `;
  const times = `{${part.min},${part.max === 0 ? '' : part.max}}`;
  return `(?:${inner})${times}`;
}

/** Fields of a segment that the standard requires and that are empty, as `PID-3`. */
export function missingFields(version: string, line: string): string[] {
  const values = line.split('|');
  const name = values[0] ?? '';
  const fields = definitions[KNOWN[version] ?? version]?.segments[name]?.fields ?? [];
  return fields.flatMap(({ opt }, at) => {
    const value = values[name === 'MSH' ? at : at + 1] ?? '';
    return opt === REQUIRED && value === '' ? [`${name}-${at + 1}`] : [];
  });
}

/** Whether the standard of that version has a field of that number. */
export function lastField(version: string, segment: string): number {
  return definitions[KNOWN[version] ?? version]?.segments[segment]?.fields.length ?? 0;
}
