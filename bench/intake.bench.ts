// Acknowledged after the durable commit: 16 connections, and one connection with one message in flight.
import { load } from './lib/load.ts';
import { prepareData, removeData, startProgram } from './lib/program.ts';
import { option, report } from './lib/report.ts';

const seconds = option('seconds', 20);
const data = await prepareData();
const program = await startProgram(data);
try {
  const target = { port: program.hl7Port, pid: program.pid, seconds, warmup: 3 };
  const one = await load({ ...target, conns: 1 });
  await program.drained();
  const many = await load({ ...target, conns: 16 });
  await program.drained();
  report('intake', [
    { what: '16 connections', value: many.msgPerSec, unit: 'msg/s', must: '5,000', aim: '8,000' },
    { what: '16 connections, p99', value: many.p99, unit: 'ms', must: '25', aim: '10' },
    { what: '16 connections, refused or lost', value: many.nak + many.errs.length, unit: '', must: '0' },
    { what: 'CPU of the process tree, processing included', value: many.serverCpuMsPerMsg, unit: 'ms' },
    { what: '1 connection, one in flight', value: one.msgPerSec, unit: 'msg/s', must: '900', aim: '1,400' },
  ]);
} finally {
  await program.stop();
  await removeData(data.dataDirectory);
}
