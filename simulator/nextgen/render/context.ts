import type { MessageType } from '../model/happening.ts';

/** The versions that are written: the older and the newer NextGen interface, and the standard of a modern engine. */
export type FeedVersion = '2.3' | '2.5.1' | '2.8';

/** Where a health centre's fee stands in the feed. */
export interface SlidingFeePlace {
  /** A segment and field, such as PV1-20, PV1-51 or ZFC-2; a Z-segment that is not there is added. */
  readonly segment: string;
  readonly field: number;
  /** A word that there is one, or its class. */
  readonly write: 'marker' | 'class';
}

/** What rendering depends on beside what happened. */
export interface RenderContext {
  readonly version: FeedVersion;
  readonly type: MessageType;
  readonly controlId: string;
  /** YYYYMMDDHHMMSS, the practice's local time. */
  readonly at: string;
  /** Adds ZSF (sliding fee), ZGR (grant) and ZUD (UDS elements). */
  readonly zSegments: boolean;
  readonly slidingFee: SlidingFeePlace | undefined;
}

/** Names by which the practice's systems go in MSH-3 to MSH-6 and in identifiers. */
export const PARTIES = {
  '2.3': { header: 'NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER', authority: 'NEXTGEN' },
  '2.5.1': { header: 'NEXTGEN|FQHC_CLINIC|VENDOR|VENDOR_CORP', authority: 'NG' },
  '2.8': { header: 'NEXTGEN|FQHC_CLINIC|VENDOR|VENDOR_CORP', authority: 'NG' },
} as const satisfies Record<FeedVersion, object>;

/** The abstract structure that MSH-9.3 names from 2.3.1 on (table 0354). */
const STRUCTURES: Readonly<Record<MessageType, string>> = {
  'ADT^A01': 'ADT_A01',
  'ADT^A03': 'ADT_A03',
  'ADT^A04': 'ADT_A01',
  'ADT^A08': 'ADT_A01',
  'ADT^A11': 'ADT_A09',
  'ADT^A28': 'ADT_A05',
  'ADT^A31': 'ADT_A05',
  'ADT^A40': 'ADT_A39',
  'SIU^S12': 'SIU_S12',
  'SIU^S13': 'SIU_S12',
  'SIU^S14': 'SIU_S12',
  'SIU^S15': 'SIU_S12',
  'SIU^S17': 'SIU_S12',
  'SIU^S26': 'SIU_S12',
  'ORM^O01': 'ORM_O01',
  'OML^O21': 'OML_O21',
  'ORU^R01': 'ORU_R01',
  'MDM^T01': 'MDM_T01',
  'MDM^T02': 'MDM_T02',
  'MDM^T06': 'MDM_T02',
  'MDM^T11': 'MDM_T01',
  'DFT^P03': 'DFT_P03',
  'VXU^V04': 'VXU_V04',
};

/** MSH, and the bytes of header and body: UTF-8 with MSH-18 where there are letters beyond ASCII. */
export function messageBytes(context: RenderContext, segments: readonly string[]): Buffer {
  const { version, type, at, controlId } = context;
  const body = `${segments.join('\r')}\r`;
  const name = version === '2.3' ? type : `${type}^${STRUCTURES[type]}`;
  const start = `MSH|^~\\&|${PARTIES[version].header}|${at}||${name}|${controlId}|P|${version}`;
  // eslint-disable-next-line no-control-regex -- all of ASCII
  const plain = /^[\x00-\x7f]*$/.test(body);
  const header = plain ? (version === '2.3' ? `${start}|` : start) : `${start}||||||UNICODE UTF-8`;
  return Buffer.from(`${header}\r${body}`, plain ? 'latin1' : 'utf8');
}
