// HL7 v2 to FHIR R4 in one process: ADT of about 1 KB and ORU of about 20 KB, as a rate and as a ratio to parsing alone.
import { hl7ToFhir } from '../src/connectors/hl7-to-fhir/hl7-to-fhir.ts';
import { type Hl7Message, parseMessage } from '../src/formats/hl7v2/message.ts';
import { compilePath } from '../src/formats/hl7v2/path.ts';
import { read } from '../src/formats/hl7v2/read.ts';
import { type Figure, option, report } from './lib/report.ts';

const ADT_SEGMENTS = (n: number): string[] => [
  String.raw`MSH|^~\&|NEXTGEN|CLINIC|PS|SRV|20260301120000-0600||ADT^A04^ADT_A01|${n}|P|2.5.1`,
  'EVN|A04|20260301120000-0600',
  `PID|1||${100_000 + n}^^^NG^MR||Doe${n % 500}^Jane^Q||198005${String((n % 28) + 1).padStart(2, '0')}|F||2106-3|${n} Main St^^Springfield^IL^62701^USA||(555)555-${String(n % 10_000).padStart(4, '0')}^PRN^PH|(555)555-5678^WPN^PH|ENG|M|CHR|A${n}^^^NG^AN|123-45-6789|||N`,
  'PD1|||SPRINGFIELD CLINIC^^7|101^PATEL^RAJ^^^^MD^^NPI&2.16.840.1.113883.4.6&ISO',
  'NK1|1|Doe^John|SPO|12 Main St^^Springfield^IL^62701|(555)555-4321',
  `PV1|1|O|CLINIC^ROOM1^^FACILITY|R|||101^PATEL^RAJ^^^^MD|||MED|||||||101^PATEL^RAJ^^^^MD|O|V${n}^^^NG^VN|||||||||||||||||||||||||20260301115500-0600`,
  'DG1|1||E11.9^Type 2 diabetes^I10C||20260301|A',
  'AL1|1|DA|7980^Penicillin^RXNORM|SV|Hives',
  `IN1|1|BC1^BLUE CROSS|BLUE|BLUE CROSS|123 Insurance Way^^Springfield^IL^62701|||GRP${n % 90}|Family plan|||20260101|||HMO|Doe^Jane|SEL|19800501|||||||||||||||||||W${n}`,
];

const ORU_SEGMENTS = (n: number, results: number): string[] => [
  String.raw`MSH|^~\&|LAB|HOSP|PS|SRV|20260301120000-0600||ORU^R01^ORU_R01|${n}|P|2.5.1`,
  `PID|1||${100_000 + n}^^^NG^MR||Doe^Jane||19800515|F`,
  `PV1|1|O|||||101^PATEL^RAJ|||||||||||V${n}`,
  `ORC|RE|P${n}^NG|F${n}^LAB||CM||||20260301||||101^PATEL^RAJ^^^^MD`,
  `OBR|1|P${n}^NG|F${n}^LAB|24323-8^Comprehensive metabolic panel^LN|||20260301080000-0600|||||||20260301083000-0600||101^PATEL^RAJ^^^^MD||||||20260301120000-0600||LAB|F`,
  ...Array.from({ length: results }, (_, i) => [
    `OBX|${i + 1}|NM|${2000 + i}-1^Result ${i} of a panel^LN^L${i}^Local result ${i}^99LAB|${i}|${(i * 1.37).toFixed(2)}|mg/dL^milligram per deciliter^UCUM|70-99|H|||F|||20260301080000-0600||^TECH^ANN`,
    ...(i % 10 === 0 ? [`NTE|1||Comment number ${i} about this result, as laboratories write them.`] : []),
  ]).flat(),
];

function messages(make: (n: number) => string[], count: number): Buffer[] {
  return Array.from({ length: count }, (_, n) => Buffer.from(`${make(n).join('\r')}\r`));
}

/** Messages of a second, after a warm-up; the best of several rounds, as other work on the machine only takes away. */
function rate(bytes: readonly Buffer[], work: (message: Hl7Message) => unknown, seconds: number): number {
  const round = (limit: number): number => {
    const started = performance.now();
    let done = 0;
    let taken = 0;
    while (taken < limit) {
      for (let i = 0; i < 50; i++) {
        const one = bytes[done % bytes.length];
        if (one !== undefined) work(parseMessage(one));
        done += 1;
      }
      taken = performance.now() - started;
    }
    return (done * 1000) / taken;
  };
  round(500);
  return Math.max(...Array.from({ length: 3 }, () => round((seconds * 1000) / 3)));
}

/** Processor time of one message in milliseconds, collector included: other work on the machine hardly changes it. */
function cost(bytes: readonly Buffer[], work: (message: Hl7Message) => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) {
    const one = bytes[i % bytes.length];
    if (one !== undefined) work(parseMessage(one));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

const CONTROL_ID = compilePath('MSH-10');
const converter = hl7ToFhir();
const seconds = option('seconds', 6);
const figures: Figure[] = [];
const kinds = [
  { name: 'ADT^A04', bytes: messages(ADT_SEGMENTS, 500), must: '3000', aim: '6000' },
  { name: 'ORU^R01 of 20 KB', bytes: messages((n) => ORU_SEGMENTS(n, 128), 50), must: '300', aim: '600' },
];
for (const { name, bytes, must, aim } of kinds) {
  const size = bytes.reduce((sum, each) => sum + each.length, 0) / bytes.length;
  const parsing = rate(bytes, (message) => read(message, CONTROL_ID), seconds);
  const converting = rate(bytes, (message) => converter.convert(message), seconds);
  const resources = converter.convert(parseMessage(bytes[0] ?? Buffer.alloc(0))).resources.length;
  figures.push(
    { what: `${name}: size`, value: size, unit: 'bytes' },
    { what: `${name}: resources made of one`, value: resources, unit: '' },
    { what: `${name}: parsed alone`, value: parsing, unit: '/s' },
    { what: `${name}: parsed and converted`, value: converting, unit: '/s', must, aim },
    { what: `${name}: processor time`, value: cost(bytes, (message) => converter.convert(message), 300), unit: 'ms' },
    { what: `${name}: time of conversion to time of parsing`, value: parsing / converting, unit: '×' },
  );
}
report('to-fhir', figures);
