import type { FhirCodeableConcept, FhirCoding } from '../../../formats/fhir/fhir-types.ts';
import { codingSystem, universalUri } from '../coding-systems.ts';
import type { CompiledCodeMap } from '../code-map.ts';
import type { NativeOptions, NativeReader } from '../native-readers.ts';
import { type Part, childText, partText, wholeText } from '../part.ts';
import { type Run, listUnmapped, placeOf, warn } from '../run.ts';

/** Where code, text, system, version and the system's OID stand in CWE (and CE, CNE, CF, of which it is the widest). */
const TRIPLETS = [
  [1, 2, 3, 7, 14],
  [4, 5, 6, 8, 17],
  [10, 11, 12, 13, 20],
] as const;

interface ReadCoding extends FhirCoding {
  /** The system as the sender names it. */
  name?: string;
  standard?: boolean;
}

function readTriplet(run: Run, part: Part, triplet: (typeof TRIPLETS)[number]): ReadCoding | undefined {
  const code = childText(run, part, triplet[0]);
  if (code === undefined) return undefined;
  // Blanks within a code are single; R4 knows no others.
  const coding: ReadCoding = { code: code.replaceAll(/\s+/g, ' ') };
  const display = childText(run, part, triplet[1]);
  const name = childText(run, part, triplet[2]);
  const oid = childText(run, part, triplet[4]);
  const universal = oid === undefined ? undefined : universalUri(oid);
  if (name !== undefined) {
    const own = codingSystem(name, run.options.systems);
    coding.name = name;
    coding.system = own.standard ? own.uri : (universal ?? own.uri);
    coding.standard = own.standard || (universal !== undefined && !universal.startsWith('urn:oid:'));
  } else if (universal !== undefined) {
    coding.system = universal;
    coding.standard = !universal.startsWith('urn:oid:');
  }
  const version = childText(run, part, triplet[3]);
  if (version !== undefined) coding.version = version;
  if (display !== undefined) coding.display = display;
  return coding;
}

/** The coding as FHIR has it, its elements in the order in which FHIR writes them. */
function clean({ system, version, code, display }: ReadCoding): FhirCoding {
  const result: FhirCoding = {};
  if (system !== undefined) result.system = system;
  if (version !== undefined) result.version = version;
  if (code !== undefined) result.code = code;
  if (display !== undefined) result.display = display;
  return result;
}

/** What the code map makes of the codings: of the first that is of its table, or of no system. */
function mapped(codings: readonly ReadCoding[], codes: CompiledCodeMap): FhirCoding | undefined {
  for (const { code, name } of codings) {
    if (code === undefined || (name !== undefined && !codes.isFor(name))) continue;
    const found = codes.find(code);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A CodeableConcept (`CWE[CodeableConcept]` and its likes): what the code map leads to first, then each code as the sender
 * wrote it, then the text. A code is never lost, mapped or not.
 */
export function codeableConcept({ codes, listUnmapped: isListed }: NativeOptions): NativeReader {
  return (run, part): FhirCodeableConcept | undefined => {
    const codings: ReadCoding[] = [];
    for (const triplet of TRIPLETS) {
      const coding = readTriplet(run, part, triplet);
      if (coding !== undefined) codings.push(coding);
    }
    const original = childText(run, part, 9);
    const [first] = codings;
    if (first === undefined) {
      const text = original ?? childText(run, part, 2) ?? childText(run, part, 5);
      return text === undefined ? undefined : fromText(run, text, codes);
    }
    const target = codes === undefined ? translated(run, first) : mapped(codings, codes);
    if (target === undefined && (codes !== undefined || isListed)) listIfUnmapped(run, codings, codes);
    const result: FhirCodeableConcept = { coding: merge(target, codings) };
    if (original !== undefined) result.text = original;
    return result;
  };
}

function fromText(run: Run, text: string, codes: CompiledCodeMap | undefined): FhirCodeableConcept {
  const found = codes?.find(text);
  if (codes !== undefined && found === undefined) listUnmappedCode(run, { code: text }, codes);
  return found === undefined ? { text } : { coding: [found], text };
}

function merge(target: FhirCoding | undefined, codings: readonly ReadCoding[]): FhirCoding[] {
  const all = codings.map(clean);
  if (target === undefined) return all;
  const [first] = all;
  // Without a system of its own, the sender's code is the one that the map knows.
  const isSame = first?.code === target.code && (first?.system === undefined || first.system === target.system);
  const display = target.display ?? (isSame ? first?.display : undefined);
  const mappedCoding = display === undefined ? target : { ...target, display };
  return [mappedCoding, ...(isSame ? all.slice(1) : all)];
}

function translated(run: Run, { name, code }: ReadCoding): FhirCoding | undefined {
  return code === undefined ? undefined : run.options.translate?.(name, code);
}

/** A code that is of no standard system is worth a look, and so is one that the code map of its element does not know. */
function listIfUnmapped(run: Run, codings: readonly ReadCoding[], codes: CompiledCodeMap | undefined): void {
  if (codings.some(({ standard, name }) => standard === true && (codes === undefined || !codes.isFor(name ?? ''))))
    return;
  const [first] = codings;
  if (first !== undefined) listUnmappedCode(run, first, codes);
}

function listUnmappedCode(run: Run, coding: ReadCoding, codes: CompiledCodeMap | undefined): void {
  const { name, code = '', display } = coding;
  listUnmapped(run, {
    place: placeOf(run),
    code,
    ...(codes === undefined ? {} : { table: codes.table }),
    ...(name === undefined ? {} : { system: name }),
    ...(display === undefined ? {} : { display }),
  });
}

/** A Coding (`CWE[Coding]`, `ID[Coding]`). */
export function coding(options: NativeOptions): NativeReader {
  const concept = codeableConcept(options);
  return (run, part) => (concept(run, part) as FhirCodeableConcept | undefined)?.coding?.[0];
}

/** A code (`CWE[code]`, `ID[code]`): what the code map leads to. Where FHIR allows some codes only, no other comes out. */
export function code({ codes, allowed, required }: NativeOptions): NativeReader {
  return (run, part) => {
    const text = partText(run, part) ?? childText(run, part, 4) ?? childText(run, part, 2);
    if (text === undefined) return undefined;
    const alternative = childText(run, part, 4);
    const found = codes?.find(text) ?? (alternative === undefined ? undefined : codes?.find(alternative));
    const result = codes === undefined ? text.replaceAll(/\s+/g, ' ') : found?.code;
    if (result !== undefined && (allowed === undefined || allowed.has(result))) return result;
    if (codes !== undefined) listUnmappedCode(run, { code: text }, codes);
    if (required) warn(run, 'to-fhir.code-required');
    return undefined;
  };
}

/** Text for people of a coded value (`CWE[string]`): original text, text, or the code. */
export function codedText(run: Run, part: Part): string | undefined {
  for (const n of [9, 2, 1, 5, 4]) {
    const text = childText(run, part, n);
    if (text !== undefined) return text;
  }
  return wholeText(run, part);
}
