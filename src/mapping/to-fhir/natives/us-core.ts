import type { FhirCoding, FhirObject } from '../../../formats/fhir/fhir-types.ts';
import { packName } from '../../../formats/hl7v2/segment-index.ts';
import type { NativeOptions, NativeReader } from '../native-readers.ts';
import { type Part, childText, fieldParts, partText } from '../part.ts';
import { type Run, listUnmapped, placeOf } from '../run.ts';

const PID = packName('PID');
const URL = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';
/** The OMB categories among the CDC codes; all others are details. */
const CATEGORIES = new Set(['1002-5', '2028-9', '2054-5', '2076-8', '2106-3', '2135-2', '2186-5', 'UNK', 'ASKU']);

/**
 * The extension us-core-race or us-core-ethnicity of all repetitions of a field: categories, details, and one text, which is
 * there whatever was sent.
 */
export function usCoreCategories(name: 'race' | 'ethnicity'): (options: NativeOptions) => NativeReader {
  return ({ codes }) =>
    (run, part): FhirObject | undefined => {
      const segment = run.latest.get(PID);
      const parts = segment === undefined ? [] : fieldParts(run, segment, run.field);
      // One extension for the whole field: it is made where the first repetition is read.
      if (parts[0]?.start !== part.start) return undefined;
      const extension: FhirObject[] = [];
      const texts: string[] = [];
      const seen = new Set<string>();
      for (const each of parts) {
        const coding = find(run, each, codes);
        const text = coding?.display ?? childText(run, each, 2) ?? partText(run, each);
        if (text !== undefined && !texts.includes(text)) texts.push(text);
        if (coding?.code === undefined || seen.has(coding.code)) continue;
        seen.add(coding.code);
        // US Core allows one category of ethnicity.
        const isCategory =
          CATEGORIES.has(coding.code) && (name === 'race' || !extension.some(({ url }) => url === 'ombCategory'));
        extension.push({ url: isCategory ? 'ombCategory' : 'detailed', valueCoding: coding });
      }
      if (texts.length === 0) return undefined;
      extension.push({ url: 'text', valueString: texts.join(', ') });
      return { url: URL + name, extension };
    };
}

function find(run: Run, part: Part, codes: NativeOptions['codes']): FhirCoding | undefined {
  for (const n of [1, 4, 2]) {
    const text = childText(run, part, n);
    const found = text === undefined ? undefined : codes?.find(text);
    if (found !== undefined) return found;
  }
  const code = partText(run, part);
  if (code !== undefined) {
    listUnmapped(run, { place: placeOf(run), code, ...(codes === undefined ? {} : { table: codes.table }) });
  }
  return undefined;
}
