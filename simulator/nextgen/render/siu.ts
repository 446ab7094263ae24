import { coded } from '../../codes/coded.ts';
import { laterBy } from '../local-time.ts';
import type { Happening, MessageType } from '../model/happening.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { codedField, components, escape, segment } from './hl7-text.ts';
import { pid, providerOf } from './patient.ts';
import { pv1 } from './visit.ts';

type Siu = Extract<Happening, { kind: 'siu' }>;

/** How NextGen names the state of an appointment in SCH-25, by what is told about it. */
const STATUS: Readonly<Partial<Record<MessageType, string>>> = {
  'SIU^S12': 'Booked',
  'SIU^S13': 'Booked',
  'SIU^S14': 'Booked',
  'SIU^S15': 'Cancelled',
  'SIU^S17': 'Deleted',
  'SIU^S26': 'Noshow',
};
const WHY: Readonly<Partial<Record<MessageType, string>>> = {
  'SIU^S13': 'Patient asked for another time',
  'SIU^S14': 'Provider changed',
  'SIU^S15': 'Patient cancelled',
  'SIU^S17': 'Booked in error',
};

export function siuSegments(context: RenderContext, { type, patient, appointment }: Siu): string[] {
  const { version } = context;
  const { authority } = PARTIES[version];
  const { reason, provider, location, start } = appointment;
  const minutes = String(reason.minutes);
  const end = laterBy(start, reason.minutes);
  const desk = components('FRONTDESK', 'DESK', 'FRONT');
  const status = STATUS[type] ?? '';
  const appointmentType = codedField(reason.appointmentType);
  const isNew = type === 'SIU^S12';
  // AIS-2 and the like: what is to be done with the resource, told where a booking changes.
  const action = isNew ? 'A' : type === 'SIU^S15' || type === 'SIU^S17' ? 'D' : 'U';
  const sch = segment('SCH', {
    // NextGen made the appointment: its number is on both sides.
    1: `${appointment.id}^${authority}`,
    2: `${appointment.id}^${authority}`,
    6: codedField(coded(type.slice(4), WHY[type] ?? 'Appointment booked', 'L')),
    7: components('', escape(reason.words)),
    8: appointmentType,
    9: minutes,
    10: version === '2.3' ? 'MIN' : 'min^minute^UCUM',
    11: version === '2.8' ? '' : `^^${minutes}^${start}^${end}`,
    16: desk,
    20: desk,
    25: version === '2.3' ? status : components(status.toUpperCase(), status, 'HL70278'),
  });
  const tq1 = version === '2.3' ? [] : [segment('TQ1', { 1: '1', 6: `${minutes}^min`, 7: start, 8: end })];
  const notes = appointment.note === '' ? [] : [segment('NTE', { 1: '1', 3: escape(appointment.note) })];
  const units = version === '2.3' ? 'MIN' : 'min^minute^UCUM';
  const timing = { 4: start, 7: minutes, 8: units };
  const shifted = { 6: start, 9: minutes, 10: units };
  return [
    sch,
    ...tq1,
    ...notes,
    pid(version, patient),
    pv1(context, patient, { ...patient.visit, provider, location, at: start }),
    segment('RGS', { 1: '1', 2: action }),
    segment('AIS', { 1: '1', 2: action, 3: appointmentType, ...timing, 10: status.toUpperCase() }),
    segment('AIL', { 1: '1', 2: action, 3: `${location}^^^FACILITY`, ...shifted }),
    segment('AIP', { 1: '1', 2: action, 3: providerOf(version, provider), 4: 'MD^Physician^L', ...shifted }),
  ];
}
