// Acknowledged after processing, 16 connections.
import { load } from './lib/load.ts';
import { prepareData, removeData, startProgram } from './lib/program.ts';
import { option, report } from './lib/report.ts';

const data = await prepareData({ ackWhen: 'processed' });
const program = await startProgram(data);
try {
  const many = await load({
    port: program.hl7Port,
    pid: program.pid,
    conns: 16,
    seconds: option('seconds', 20),
    warmup: 3,
  });
  report('processed', [
    { what: 'acknowledged after processing', value: many.msgPerSec, unit: 'msg/s', must: '1,500', aim: '2,800' },
    { what: 'p99', value: many.p99, unit: 'ms' },
    { what: 'refused or lost', value: many.nak + many.errs.length, unit: '', must: '0' },
  ]);
} finally {
  await program.stop();
  await removeData(data.dataDirectory);
}
