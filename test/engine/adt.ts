/** What a test message says; everything else is the same in all of them. */
export interface AdtOptions {
  readonly event?: string;
  readonly controlId: string;
  /** PID-3 as it stands; default one medical record number of the practice. */
  readonly identifiers?: string;
  readonly mrn?: string;
  readonly family?: string;
  readonly given?: string;
  readonly sex?: string;
  readonly phone?: string;
  readonly birth?: string;
  /** MSH-15 and MSH-16. */
  readonly accept?: string;
  readonly application?: string;
  readonly version?: string;
  /** Segments after PID. */
  readonly more?: readonly string[];
}

/** A small ADT message of an invented person, without the frame. */
export function adt(options: AdtOptions): Buffer {
  const { event = 'A08', controlId, mrn = '1001', family = 'ALDER', given = 'ANNA', sex = 'F' } = options;
  const { phone = '2175550101', birth = '19800214', accept = '', application = '', version = '2.5.1' } = options;
  const identifiers = options.identifiers ?? `${mrn}^^^PRACTICE^MR`;
  const segments = [
    `MSH|^~\\&|NEXTGEN|PRACTICE|PSI|HUB|20260421093000||ADT^${event}|${controlId}|P|${version}|||${accept}|${application}`,
    `EVN|${event}|20260421093000`,
    `PID|1||${identifiers}||${family}^${given}||${birth}|${sex}|||12 ELM ST^^SPRINGFIELD^IL^62701||${phone}`,
    ...(options.more ?? []),
  ];
  return Buffer.from(`${segments.join('\r')}\r`, 'latin1');
}
