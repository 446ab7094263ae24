// Invented feeds for tests.

const FAMILIES = ['ABBOTT', 'BRENNAN', 'CALLOWAY', 'DELGADO', 'ESPOSITO', 'FONTAINE', 'GARRISON', 'HOLLOWAY', 'IBARRA'];
const CLASSES = [
  ['A', 'Slide A 0-100%'],
  ['B', 'Slide B 101-150%'],
  ['C', 'Slide C 151-200%'],
] as const;

export interface FqhcFeedOptions {
  readonly version?: string;
  /** Where the practice writes the sliding-fee class. Default `ZFS`. */
  readonly place?: 'ZFS' | 'PV1-20' | 'PV1-21' | 'none';
}

/** Registrations of an invented health center; the sliding-fee class goes round over three values. */
export function fqhcFeed(count: number, options: FqhcFeedOptions = {}): string[] {
  const { version = '2.5.1', place = 'ZFS' } = options;
  return Array.from({ length: count }, (_, i) => {
    const family = `${FAMILIES[i % FAMILIES.length]}${'ABCDEFGHIJ'[Math.floor(i / 9) % 10]}`;
    const mrn = 700_100 + i * 17;
    const day = String(1 + (i % 28)).padStart(2, '0');
    const phone = `(217)555-${String(1000 + i).slice(-4)}`;
    const [letter, words] = CLASSES[i % 3] ?? CLASSES[0];
    const race = i % 4 === 0 ? 'W1^White' : i % 4 === 1 ? 'BLK^Black/African-American' : 'XQ^Other Pacific';
    const financial = place === 'PV1-20' ? `SLIDING_FEE ${letter}` : '';
    const behind = place === 'PV1-21' ? `SLIDE_${letter}` : '';
    return [
      `MSH|^~\\&|NEXTGEN|MAPLE|PS|HUB|202603${day}0915||ADT^A04|M${i}|P|${version}`,
      `EVN|A04|202603${day}0915`,
      `PID|1||${mrn}^^^MAPLE^MR||${family}^PAT||19${60 + (i % 40)}04${day}|${i % 2 === 0 ? 'F' : 'M'}||${race}|${i} ELM ST^^SPRINGFIELD^IL^62701||${phone}`,
      `PV1|1|O|MAIN^ROOM 2||||1001^RIVERA^ANA|||FAM|||||||||VN${900 + i}|${financial}|${behind}`,
      ...(place === 'ZFS' ? [`ZFS|1|${letter}^${words}|${2 + (i % 4)}|20260101`] : []),
      '',
    ].join('\r');
  });
}
