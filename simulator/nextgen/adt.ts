import { ETHNICITIES, RACES } from '../invented/names.ts';
import type { Address, Person, PersonName } from '../people.ts';

/** The two forms in which NextGen sends registrations; the positions follow real feeds, not always the standard. */
export type AdtShape = '2.3' | '2.5.1';
export type AdtEvent = 'A01' | 'A04' | 'A08';

export interface Provider {
  readonly id: string;
  readonly family: string;
  readonly given: string;
}

export interface Visit {
  /** The financial number: the second identifier of a registration. */
  readonly number: string;
  readonly location: string;
  readonly provider: Provider;
  /** YYYYMMDDHHMMSS, the practice's local time. */
  readonly at: string;
  /** A health centre's fee marker, such as SLIDING_FEE. */
  readonly slidingFee: string | undefined;
}

export interface AdtContent {
  readonly shape: AdtShape;
  readonly event: AdtEvent;
  readonly controlId: string;
  /** YYYYMMDDHHMMSS, the practice's local time. */
  readonly at: string;
  readonly mrn: string;
  readonly person: Person;
  readonly visit: Visit;
}

const SHAPES = {
  '2.3': { parties: 'NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER', authority: 'NEXTGEN' },
  '2.5.1': { parties: 'NEXTGEN|FQHC_CLINIC|VENDOR|VENDOR_CORP', authority: 'NG' },
} as const satisfies Record<AdtShape, object>;

/**
 * Renders a registration or update as NextGen sends it. The 2.3 form has next of kin and insurance; in it IN1 has the
 * payer's phone one field later, and the insured two fields earlier, than the standard says. The 2.5.1 form is short and may
 * carry a sliding-fee marker behind the visit number. Text with letters beyond ASCII is UTF-8 and says so in MSH-18.
 */
export function renderAdt(content: AdtContent): Buffer {
  const segments = content.shape === '2.3' ? segmentsOf23(content) : segmentsOf251(content);
  const body = `${segments.join('\r')}\r`;
  const { parties } = SHAPES[content.shape];
  const start = `MSH|^~\\&|${parties}|${content.at}||ADT^${content.event}|${content.controlId}|P|${content.shape}`;
  // eslint-disable-next-line no-control-regex -- all of ASCII
  const plain = /^[\x00-\x7f]*$/.test(body);
  const header = plain ? (content.shape === '2.3' ? `${start}|` : start) : `${start}||||||UNICODE UTF-8`;
  return Buffer.from(`${header}\r${body}`, plain ? 'latin1' : 'utf8');
}

/** Empty fields between two that are used. */
const gap = (fields: number) => '|'.repeat(fields);

function segmentsOf23({ event, at, mrn, person, visit }: AdtContent): string[] {
  const { authority } = SHAPES['2.3'];
  const { address, coverage, nextOfKin: kin } = person;
  const { provider } = visit;
  const account = `${escape(visit.number)}^^^${authority}^FIN NBR`;
  const home = addressWithCounty(address);
  const doctor = `${provider.id}^${escape(provider.family)}^${escape(provider.given)}^^^^^${authority}^^^^PROVID`;
  const segments = [
    `EVN|${event}|${at}|||`,
    `PID|1||${escape(mrn)}^^^${authority}^MRN||${nameOf(person.name)}||${dateOf(person.birthDate)}|${person.sex}||` +
      `${RACES[person.race] ?? ''}|${home}|${upper(address.county)}|${phoneOf(person.homePhone)}|` +
      `${phoneOf(person.mobilePhone)}|${person.language}|${person.maritalStatus}|${person.religion}|${account}|${person.ssn}` +
      `|||${ETHNICITIES[person.ethnicity] ?? ''}`,
  ];
  if (kin !== undefined) {
    segments.push(`NK1|1|${nameOf(kin.name)}|${kin.relation}||${phoneOf(kin.phone)}||EC${gap(11)}`);
  }
  segments.push(
    `PV1|1|${patientClass(event)}|${escape(visit.location)}^^^FACILITY${gap(5)}${doctor}${gap(11)}${account}` +
      `|${visit.slidingFee ?? ''}${gap(24)}${visit.at}|`,
  );
  if (coverage !== undefined) {
    const { plan, insured } = coverage;
    segments.push(
      `IN1|1|${plan.id}^${upper(plan.name)}|${plan.payerId}|${upper(plan.payerName)}|` +
        `${addressWithCounty(plan.payerAddress)}${gap(3)}${phoneOf(plan.payerPhone)}|${coverage.groupNumber}|` +
        `${upper(plan.product)}${gap(4)}${upper(insured.name.given)} ${upper(insured.name.family)}|${insured.relation}|` +
        `${dateOf(insured.birthDate)}|${home}|Y|CO|${coverage.memberId}${gap(15)}${coverage.policyNumber}${gap(10)}`,
    );
  }
  return segments;
}

function segmentsOf251({ event, at, mrn, person, visit }: AdtContent): string[] {
  const { address, homePhone, mobilePhone } = person;
  const doctor = `${visit.provider.id}^${escape(visit.provider.family)}^${escape(visit.provider.given)}^MD`;
  const phones = [
    homePhone && `^PRN^PH^^1^${homePhone.slice(0, 3)}^${homePhone.slice(3)}`,
    mobilePhone && `^PRN^CP^^1^${mobilePhone.slice(0, 3)}^${mobilePhone.slice(3)}`,
    person.email && `^NET^Internet^${escape(person.email)}`,
  ];
  const coded = (code: string, text: string | undefined) => (text === undefined ? '' : `${code}^${text}^CDCREC`);
  const home = [address.line1, address.line2, address.city, address.state, address.zip].map(upper).join('^');
  return [
    `EVN|${event}|${at}`,
    `PID|1||${escape(mrn)}^^^${SHAPES['2.5.1'].authority}^MRN||${nameOf(person.name)}||${dateOf(person.birthDate)}|` +
      `${person.sex}||${coded(person.race, RACES[person.race])}|${home}||${phones.filter((one) => one !== '').join('~')}||` +
      `${person.language}${gap(7)}${coded(person.ethnicity, ETHNICITIES[person.ethnicity])}`,
    `PV1|1|${patientClass(event)}|${escape(visit.location)}^ROOM1^A|EL${gap(3)}${doctor}${gap(3)}FAM${gap(7)}${doctor}|OUT|` +
      `VN${escape(visit.number)}|${visit.slidingFee ?? ''}`,
  ].map((segment) => segment.replace(/\|+$/, ''));
}

function patientClass(event: AdtEvent): string {
  return event === 'A01' ? 'I' : 'O';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
};

function escape(text: string): string {
  return /[\\|^~&]/.test(text) ? text.replace(/[\\|^~&]/g, (character) => ESCAPES[character] ?? '') : text;
}

function upper(text: string): string {
  return escape(text.toUpperCase());
}

function nameOf(name: PersonName): string {
  const suffix = name.suffix === '' ? '' : `^${upper(name.suffix)}`;
  return `${upper(name.family)}^${upper(name.given)}^${upper(name.middle)}${suffix}`;
}

function dateOf(date: string): string {
  return date.replaceAll('-', '');
}

/** (217)555-0123 */
function phoneOf(phone: string): string {
  return phone === '' ? '' : `(${phone.slice(0, 3)})${phone.slice(3, 6)}-${phone.slice(6)}`;
}

function addressWithCounty(address: Address): string {
  const parts = [address.line1, address.line2, address.city, address.state, address.zip].map(upper);
  return `${parts.join('^')}^USA^^^${upper(address.county)}`;
}
