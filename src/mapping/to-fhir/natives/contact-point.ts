import type { FhirObject } from '../../../formats/fhir/fhir-types.ts';
import type { CompiledCodeMap } from '../code-map.ts';
import { readDateTime } from '../date-time.ts';
import type { NativeOptions, NativeReader } from '../native-readers.ts';
import { type Part, childPart, childText } from '../part.ts';
import type { Run } from '../run.ts';
import { toNumber } from './numbers.ts';

const EXTENSION = 'http://hl7.org/fhir/StructureDefinition/contactpoint-';

/**
 * A ContactPoint (`XTN[ContactPoint]`): the number as it is written out in XTN.1 or XTN.12, else put together from country,
 * area, local number and extension; the parts are kept as extensions. A number without a use takes the one given.
 */
export function contactPoint(use: string | undefined): (options: NativeOptions) => NativeReader {
  return ({ codeMap }) => {
    const uses = codeMap('TelecommunicationUseCode');
    const systems = codeMap('TelecommunicationEquipmentType');
    return (run, part) => readContactPoint(run, part, use, uses, systems);
  };
}

function readContactPoint(
  run: Run,
  part: Part,
  use: string | undefined,
  uses: CompiledCodeMap | undefined,
  systems: CompiledCodeMap | undefined,
): FhirObject | undefined {
  const text = (n: number): string | undefined => childText(run, part, n);
  const useCode = text(2);
  const equipment = text(3);
  const address = text(4);
  const isNet = equipment === 'Internet' || equipment === 'X.400' || useCode === 'NET';
  const point: FhirObject = {};
  const system = equipment === undefined ? undefined : systems?.find(equipment)?.code;
  const extension: FhirObject[] = [];
  let value: string | undefined;
  if (isNet || (address !== undefined && text(1) === undefined && text(7) === undefined && text(12) === undefined)) {
    value = address ?? text(1);
    // Internet is e-mail by the code map; what is plainly a web address is none.
    point['system'] = /^(?:https?:|www\.)/i.test(value ?? '') ? 'url' : 'email';
  } else {
    const [country, area, local, ext] = [text(5), text(6), text(7), text(8)];
    value = text(12) ?? text(1) ?? numberOf(country, area, local, ext);
    if (value?.includes('@') === true && equipment === undefined) point['system'] = 'email';
    else point['system'] = system === undefined || system === 'mobile' ? 'phone' : system;
    const parts = [
      ['country', country],
      ['area', area],
      ['local', local],
      ['extension', ext],
    ] as const;
    for (const [name, part] of parts) {
      if (part !== undefined) extension.push({ url: EXTENSION + name, valueString: part });
    }
  }
  if (value === undefined) return undefined;
  if (extension.length > 0) point['extension'] = extension;
  point['value'] = value;
  const mappedUse = useCode === undefined ? use : uses?.find(useCode)?.code;
  if (system === 'mobile') point['use'] = 'mobile';
  else if (mappedUse !== undefined) point['use'] = mappedUse;
  const period: FhirObject = {};
  for (const [n, name] of [
    [13, 'start'],
    [14, 'end'],
  ] as const) {
    const inner = childPart(run, part, n);
    const date = inner === undefined ? undefined : readDateTime(run, inner);
    if (date !== undefined) period[name] = date;
  }
  if (Object.keys(period).length > 0) point['period'] = period;
  const rank = toNumber(text(18) ?? '');
  if (rank !== undefined && Number.isInteger(rank) && rank > 0) point['rank'] = rank;
  return point;
}

function numberOf(
  country: string | undefined,
  area: string | undefined,
  local: string | undefined,
  ext: string | undefined,
): string | undefined {
  if (local === undefined) return undefined;
  const parts = [country === undefined ? undefined : `+${country.replace(/^\+/, '')}`, area, local];
  const number = parts.filter((part) => part !== undefined).join(' ');
  return ext === undefined ? number : `${number} X${ext}`;
}
