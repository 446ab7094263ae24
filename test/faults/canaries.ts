/** What nobody but an authorized person may ever read: invented, and so unusual that it is nowhere by chance. */
export const CANARY = {
  family: 'Zyxquartzheim',
  given: 'Öbsidiänne',
  middle: 'Quilfx',
  maiden: 'Vorgwy',
  motherMaiden: 'Wolpertingerin',
  birthDate: '19310223',
  ssn: '943-38-7126',
  recordNumber: 'CNRY77120934',
  account: 'ACCT5501928374',
  line1: '88713 Wolkenkuckucksheim Alley',
  line2: 'Turmzimmer 4711b',
  city: 'Xanthogradsk',
  county: 'Quibblethorpe',
  homePhone: '(217)555-0143',
  mobilePhone: '(309)555-0187',
  email: 'zyx.quartz@canary-nest.example',
  kinFamily: 'Klaviertonleiter',
  kinGiven: 'Brimborius',
  kinPhone: '(618)555-0119',
  memberId: 'MBRX9918273645',
  policy: 'POLX5566778899',
  group: 'GRPX4433221100',
  /** The address that an update brings. */
  movedTo: '60421 Papperlapapp Crescent',
  /** The name by which a repaired message comes. */
  repairedFamily: 'Jabberwockenstein',
} as const;

/** A registration that is full of them, as NextGen sends it. */
export function canaryMessage(
  controlId: string,
  options: {
    readonly charset?: 'utf8' | 'latin1';
    readonly changes?: Partial<Record<keyof typeof CANARY, string>>;
  } = {},
): Buffer {
  const { charset = 'utf8', changes = {} } = options;
  const of = { ...CANARY, ...changes };
  const name = (text: string): string => text.toUpperCase();
  const home = `${name(of.line1)}^${name(of.line2)}^${name(of.city)}^IL^62701^USA^^^${name(of.county)}`;
  const header = `MSH|^~\\&|NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER|20260421093000||ADT^A08|${controlId}|P|2.3`;
  const segments = [
    `${header}||||||${charset === 'utf8' ? 'UNICODE UTF-8' : '8859/1'}`,
    'EVN|A08|20260421093000|||',
    `PID|1||${of.recordNumber}^^^NEXTGEN^MRN||${name(of.family)}^${name(of.given)}^${name(of.middle)}~${name(of.maiden)}^^^^^^M|` +
      `${name(of.motherMaiden)}|${of.birthDate}|F|||${home}|${name(of.county)}|${of.homePhone}~^NET^Internet^${of.email}|` +
      `^PRN^CP^^^^^^^^^${of.mobilePhone}~${of.mobilePhone}|ENG|M||${of.account}^^^NEXTGEN^FIN NBR|${of.ssn}`,
    `NK1|1|${name(of.kinFamily)}^${name(of.kinGiven)}^|SPO||${of.kinPhone}||EC`,
    'PV1|1|O|CLINIC^^^FACILITY',
    `IN1|1|PLAN1^CANARY PLAN|PAYER1|CANARY PAYER|1 PAYER ROAD^^SPRINGFIELD^IL^62701|||(217)555-0100|${of.group}|PPO||||` +
      `${name(of.given)} ${name(of.family)}|SELF|${of.birthDate}|${home}|Y|CO|${of.memberId}|||||||||||||||${of.policy}`,
    '',
  ];
  return Buffer.from(segments.join('\r'), charset);
}

/** A text that must not be found, and what it is for whoever reads that it was. */
export interface Needle {
  readonly of: string;
  readonly bytes: Buffer;
  /** Base64 is looked for as it is; all else in any case. */
  readonly exact: boolean;
}

/** Everything by which the canaries would give themselves away: as sent, as derived, in the encodings that programs use. */
export function needles(): Needle[] {
  const found = new Map<string, Needle>();
  const add = (of: string, bytes: Buffer, exact = false): void => {
    const wanted = exact ? bytes : lowerCase(bytes);
    found.set(`${exact}${wanted.toString('hex')}`, { of, bytes: wanted, exact });
  };
  for (const [of, value] of Object.entries(CANARY)) {
    for (const form of formsOf(of, value)) {
      for (const charset of ['utf8', 'latin1', 'utf16le'] as const) {
        for (const text of [form, form.toUpperCase(), form.toLowerCase()]) add(of, Buffer.from(text, charset));
      }
      if (form.length >= 6) {
        for (const text of [form, form.toUpperCase()]) {
          for (const part of base64Parts(text)) add(`${of} in base64`, part, true);
        }
      }
    }
  }
  return [...found.values()];
}

function formsOf(of: string, value: string): string[] {
  const digits = value.replace(/\D/g, '');
  if (of.endsWith('Phone')) {
    const [area, local] = [digits.slice(0, 3), digits.slice(3)];
    return [
      value,
      digits,
      `+1${digits}`,
      `${area}-${local.slice(0, 3)}-${local.slice(3)}`,
      `${local.slice(0, 3)}-${local.slice(3)}`,
    ];
  }
  if (of === 'ssn') return [value, digits];
  if (of === 'birthDate') return [value, `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`];
  // Without its marks, as searches compare names.
  const plain = value.normalize('NFD').replace(/\p{M}/gu, '');
  return plain === value ? [value] : [value, plain];
}

/** What base64 makes of a text whatever stands before it: the characters that depend on nothing but the text. */
function base64Parts(text: string): Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    return Buffer.from(encoded.slice(from, to), 'latin1');
  });
}

/** ASCII letters in lower case; all other bytes as they are. */
export function lowerCase(bytes: Buffer): Buffer {
  const lower = Buffer.allocUnsafe(bytes.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    lower[at] = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
  }
  return lower;
}
