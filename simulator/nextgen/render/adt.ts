import type { Happening } from '../model/happening.ts';
import type { RenderContext } from './context.ts';
import { segment } from './hl7-text.ts';
import { insurance } from './insurance.ts';
import { account, al1, nameOf, nk1, pid } from './patient.ts';
import { pv1 } from './visit.ts';
import { zSegments } from './z-segments.ts';

type Adt = Extract<Happening, { kind: 'adt' }>;

/** EVN: in 2.3 with the event's code, which later versions have in MSH-9 alone. */
export function evn({ version, type, at }: RenderContext): string {
  return version === '2.3' ? `EVN|${type.slice(4)}|${at}|||` : segment('EVN', { 1: type.slice(4), 2: at });
}

export function adtSegments(context: RenderContext, { type, patient, visit, prior }: Adt): string[] {
  const { version } = context;
  const person = [evn(context), pid(version, patient)];
  const stay = pv1(context, patient, visit);
  if (type === 'ADT^A40') {
    const mrg = segment('MRG', {
      1: prior === undefined ? '' : identifier(version, prior.mrn),
      3: prior === undefined ? '' : account(version, prior.visit.number),
      7: prior === undefined ? '' : nameOf(prior.person.name),
    });
    return [...person, mrg];
  }
  if (type === 'ADT^A03') {
    const discharged = stay.split('|');
    discharged[36] = '01';
    discharged[45] = context.at;
    while (discharged.length < 46) discharged.push('');
    return [...person, Array.from(discharged, (part) => part ?? '').join('|')];
  }
  if (type === 'ADT^A11') return [...person, stay];
  return [
    ...person,
    ...nk1(version, patient),
    stay,
    ...al1(version, patient),
    ...insurance(version, patient, false),
    ...zSegments(context, patient),
  ];
}

function identifier(version: RenderContext['version'], mrn: string): string {
  return `${mrn}^^^${version === '2.3' ? 'NEXTGEN' : 'NG'}^MRN`;
}
