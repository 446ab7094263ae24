// Through to the updated patient, sustained: from the first message sent until the last one is in its record.
import { load } from './lib/load.ts';
import { cpuSeconds, diskBytes, memoryMB } from './lib/process-tree.ts';
import { prepareData, removeData, startProgram } from './lib/program.ts';
import { option, report } from './lib/report.ts';

const messages = option('messages', 100_000);
const patients = option('patients', 50_000);
const data = await prepareData();
const program = await startProgram(data);
let memory = 0;
const sampler = setInterval(() => (memory = Math.max(memory, memoryMB(program.pid))), 1000);
try {
  const cpu = cpuSeconds(program.pid);
  const disk = diskBytes();
  const begun = performance.now();
  await load({ port: program.hl7Port, conns: 16, warmup: 0.1, messages, patients });
  await program.drained();
  const seconds = (performance.now() - begun) / 1000;
  const received = await program.metric('practice_studio_messages_received_total');
  report('end-to-end', [
    { what: 'through to the updated patient', value: received / seconds, unit: 'msg/s', must: '2,500', aim: '5,500' },
    {
      what: 'CPU of the process tree per message',
      value: ((cpuSeconds(program.pid) - cpu) * 1000) / received,
      unit: 'ms',
      must: '0.7',
      aim: '0.3',
    },
    { what: 'memory of the process tree (PSS), highest', value: memory, unit: 'MB', must: '450', aim: '300' },
    {
      what: 'written to the device per message',
      value: (diskBytes() - disk) / received / 1024,
      unit: 'KB',
      must: '15',
      aim: '7',
    },
    { what: 'messages', value: received, unit: '' },
  ]);
} finally {
  clearInterval(sampler);
  await program.stop();
  await removeData(data.dataDirectory);
}
