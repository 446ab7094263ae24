/** What a test message of any type says; everything else is the same in all of them. */
export interface MessageOptions {
  /** `ORU^R01` */
  readonly type: string;
  readonly controlId: string;
  readonly mrn?: string;
  readonly family?: string;
  readonly phone?: string;
  readonly email?: string;
  /** MSH-7, and EVN-2 where there is one. */
  readonly sent?: string;
  /** Segments after PID. */
  readonly more?: readonly string[];
}

/** A small message of an invented person, without the frame. */
export function hl7Message(options: MessageOptions): Buffer {
  const { type, controlId, mrn = '1001', family = 'ALDER', phone = '2175550101', email = '' } = options;
  const { sent = '20260421093000', more = [] } = options;
  const telephone = email === '' ? phone : `${phone}~^NET^Internet^${email}`;
  return Buffer.from(
    [
      `MSH|^~\\&|NEXTGEN|PRACTICE|PSI|HUB|${sent}||${type}|${controlId}|P|2.5.1`,
      ...(type.startsWith('ADT') ? [`EVN|${type.slice(4)}|${sent}`] : []),
      `PID|1||${mrn}^^^PRACTICE^MR||${family}^ANNA||19800214|F|||12 ELM ST^^SPRINGFIELD^IL^62701||${telephone}`,
      ...more,
      '',
    ].join('\r'),
    'latin1',
  );
}

/** One laboratory report with one value. */
export function labReport(
  order: string,
  value: string,
  extra: { readonly status?: string; readonly issued?: string } = {},
): string[] {
  const { status = 'F', issued = '20260421090000' } = extra;
  return [
    `ORC|RE|P${order}|F${order}`,
    `OBR|1|P${order}^PMS|F${order}^LAB|2345-7^Glucose^LN|||20260421080000|||||||||||||||${issued}|||${status}`,
    `OBX|1|NM|2345-7^Glucose^LN||${value}|mg/dL^^UCUM|70-99||||${status}|||20260421080000`,
  ];
}
