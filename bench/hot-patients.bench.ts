// Half of the messages about the same hundred patients, against all messages about 50,000: in one run, so as a ratio.
import { load } from './lib/load.ts';
import { prepareData, removeData, startProgram, type BenchProgram } from './lib/program.ts';
import { option, report } from './lib/report.ts';

const messages = option('messages', 30_000);

async function rate(program: BenchProgram, patients: readonly [number, number]): Promise<number> {
  const before = await program.metric('practice_studio_messages_received_total');
  const begun = performance.now();
  const half = { port: program.hl7Port, conns: 8, warmup: 0.1, messages: Math.ceil(messages / 2) };
  await Promise.all(patients.map((each) => load({ ...half, patients: each })));
  await program.drained();
  const received = (await program.metric('practice_studio_messages_received_total')) - before;
  return (received / (performance.now() - begun)) * 1000;
}

const data = await prepareData();
const program = await startProgram(data);
try {
  await rate(program, [50_000, 50_000]); // warms up
  const spread = await rate(program, [50_000, 50_000]);
  const hot = await rate(program, [50_000, 100]);
  report('hot-patients', [
    { what: 'spread over 50,000 patients', value: spread, unit: 'msg/s' },
    { what: 'half about the same hundred', value: hot, unit: 'msg/s' },
    { what: 'ratio', value: hot / spread, unit: '', must: '0.33' },
  ]);
} finally {
  await program.stop();
  await removeData(data.dataDirectory);
}
