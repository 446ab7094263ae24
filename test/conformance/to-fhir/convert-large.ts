// Run in a process of its own: converts a message with a document of 20 MB and prints what it cost in memory.
import { hl7ToFhir } from '../../../src/connectors/hl7-to-fhir/hl7-to-fhir.ts';
import { parseMessage } from '../../../src/formats/hl7v2/message.ts';

const type = process.argv[2] ?? 'MDM^T02';
const converter = hl7ToFhir();
const make = (size: number): Buffer => {
  const head = [
    String.raw`MSH|^~\&|NG|CLINIC|PS|SRV|20260301120000-0600||${type}|1|P|2.5.1`,
    'PID|1||7^^^NG^MR||Doe^Jane||1970|F',
    type.startsWith('MDM')
      ? 'TXA|1|CN|PDF|||||||||D1^NG|||||AU'
      : 'OBR|1|P1|F1|18842-5^Report^LN|||2026|||||||||||||||||LAB|F',
    'OBX|1|ED|18842-5^Report^LN|1|^application^pdf^Base64^',
  ].join('\r');
  return Buffer.concat([Buffer.from(head), Buffer.alloc(size, 'JVBE'), Buffer.from('||||||F\r')]);
};
// What compiling and the first conversion need is not of the document.
converter.convert(parseMessage(make(4000)));
const bytes = make(21_000_000);
globalThis.gc?.();
const before = process.memoryUsage().rss;
const peakBefore = process.resourceUsage().maxRSS * 1024;
const result = converter.convert(parseMessage(bytes));
const [content] = result.resources.flatMap(
  ({ resource }) => (resource['content'] ?? []) as { attachment: { data?: string } }[],
);
const after = process.memoryUsage().rss;
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  JSON.stringify({
    documentBytes: content?.attachment.data?.length ?? 0,
    grownBy: after - before,
    peakGrownBy: peak - Math.max(before, peakBefore),
  }),
);
