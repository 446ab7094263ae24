// Warm start: from the start of the process until its listener acknowledges a message.
import { prepareData, removeData, startProgram } from './lib/program.ts';
import { option, report } from './lib/report.ts';

const data = await prepareData();
const times: number[] = [];
for (let run = 0; run <= option('runs', 5); run++) {
  const program = await startProgram(data);
  await program.stop();
  if (run > 0) times.push(program.startMs);
}
await removeData(data.dataDirectory);
times.sort((a, b) => a - b);
report('start', [
  {
    what: 'warm start until the listener answers, median',
    value: (times[times.length >> 1] ?? 0) / 1000,
    unit: 's',
    must: '3',
    aim: '1',
  },
  { what: 'slowest', value: (times.at(-1) ?? 0) / 1000, unit: 's' },
]);
