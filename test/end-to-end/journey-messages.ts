/** The person of the journey, invented: what the messages say and what must therefore not be in any address. */
export const person = {
  family: 'WINTERBOTTOM',
  given: 'OSWIN',
  kin: 'PHILIPPA',
  street: '48 QUAYSIDE TERRACE',
  movedTo: '7 OLD MILL ROW',
  mrn: '880417',
  account: '5500123',
  homePhone: '2175550142',
  newHomePhone: '2175550199',
  otherFamily: 'LARKSPUR',
  otherMrn: '880523',
} as const;

interface Told {
  readonly event: 'A04' | 'A08';
  readonly controlId: string;
  readonly family?: string;
  readonly mrn?: string;
  readonly account?: string;
  readonly birthDate: string;
  readonly street: string;
  readonly homePhone: string;
}

/** A registration or update of the shape that NextGen sends (HL7 2.3, carriage returns). */
export function admission(told: Told): Buffer {
  const { event, controlId, birthDate, street, homePhone } = told;
  const { family = person.family, mrn = person.mrn, account = person.account } = told;
  const phone = (digits: string): string => `(${digits.slice(0, 3)})${digits.slice(3, 6)}-${digits.slice(6)}`;
  const address = `${street}^^SPRINGFIELD^IL^62701^USA^^^SANGAMON`;
  const segments = [
    `MSH|^~\\&|NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER|20260302101500||ADT^${event}|${controlId}|P|2.3|`,
    `EVN|${event}|20260302101500|||`,
    `PID|1||${mrn}^^^NEXTGEN^MRN||${family}^${person.given}^T||${birthDate}|M||White|${address}|SANGAMON|${phone(homePhone)}|(217)555-0167|ENG|M|CHR|${account}^^^NEXTGEN^FIN NBR||||`,
    `NK1|1|${family}^${person.kin}^|SPO||(217)555-0188||EC|||||||||||`,
    `PV1|1|O|CLINIC^^^FACILITY|||||4711^ABERNATHY^RUTH^^^^^NEXTGEN^^^^PROVID|||||||||||${account}^^^NEXTGEN^FIN NBR|||||||||||||||||||||||||20260302101500|`,
    `IN1|1|LM77^LAKE MUTUAL|LAKEINS|LAKE MUTUAL|9 HARBOR WAY^^SPRINGFIELD^IL^62701^USA^^^SANGAMON|||(217)555-0111|300|FAMILY PLAN||||${family}^${person.given}|SELF|19710823|${address}|Y|CO|LM556677|||||||||||||||LM998877||||||||||`,
  ];
  return Buffer.from(`${segments.join('\r')}\r`, 'latin1');
}
