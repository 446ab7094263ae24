import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { acknowledgeByChance } from '../../simulator/nextgen/acknowledge-by-chance.ts';
import { FAULTS } from '../../simulator/nextgen/faults.ts';
import { startNextGenFeed, type FeedCounts } from '../../simulator/nextgen/feed.ts';
import { fileOf } from '../../simulator/nextgen/file.ts';
import { createOutgoing } from '../../simulator/nextgen/outgoing.ts';
import { startNextGenReceiver } from '../../simulator/nextgen/receiver.ts';
import type { Command, CommandIo } from './command.ts';
import { readFlags } from './options.ts';
import { SIMULATE_FLAGS, simulateOptions, type SimulateOptions } from './simulate-options.ts';

const TELL_EVERY_MS = 5_000;

export const simulateCommand: Command = {
  usage: 'simulate (--port N | --out FILE --messages N | --receive PORT) [--mix MIX] [--rate N|max] [--faults LIST]',
  summary: 'Plays the HL7 interface of an invented NextGen practice: sends, writes files, receives and acknowledges.',
  help: `Sends to an MLLP listener, writes a file, or takes messages; sending and taking can be done at once. The same seed and
start give the same messages.
  --port N, --host ADDRESS   sends there; default host 127.0.0.1
  --out FILE                 writes a file of --messages N instead; --batch with FHS and BHS; --line-end cr, lf or crlf
  --receive PORT             takes messages there and acknowledges them
What is sent
  --messages N               stops after so many; default: never
  --rate N|max               messages a second, default 3; max is as fast as they are acknowledged
  --connections N            default 1; a patient's messages stay on one
  --seed TEXT                default 1
  --mix MIX                  practice (default), adt, even, or types with weights: ADT^A04=10,SIU=5,ORU^R01=2
  --hl7 VERSION              2.3 (default), 2.5.1 or 2.8
  --patients N               how many the practice grows to, default 2000; --region springfield, portland, laredo, lowell, flagstaff
  --start TIME               the practice's clock at the first message, default now; 2026-04-21T14:30:00Z
  --compression N            how much faster than ours that clock runs, default 1
  --first-control-id N, --control-id-prefix TEXT
  --z-segments               adds ZSF, ZGR and ZUD (sliding fee, grant, UDS) where a patient has a sliding fee
  --sliding-fee PLACE        PV1-20 (default), another PV1 field, a Z field such as ZFC-2, or none; PV1-20:class writes the class
  --sliding-fee-share N      share of patients that have one, default 0.08 in 2.3, else 0.4
  --corrections N            share of results and charges that correct an earlier one, default 0.05
  --merges N                 share of registrations that are doubles, merged by A40 later, default 0.04
  --pdfs N                   share of results with a PDF, default 0.1; --document-bytes N makes PDFs that large
  --ack-timeout SECONDS      default 30; then the same message is sent again
  --tls, --tls-ca FILE, --tls-name NAME, --tls-cert FILE, --tls-key FILE   sends over TLS
What goes wrong
  --faults LIST              shares of messages, such as duplicate=0.01,half_frame=0.005; all=0.1 spreads over every fault
  --silence SECONDS          how long the fault silence lasts, default 30
  --bad-every N              every so many messages one is bad, its kind changing
${Object.entries(FAULTS)
  .map(([name, text]) => `    ${name.padEnd(24)} ${text}`)
  .join('\n')}
How it answers (with --receive)
  --ack LIST                 shares of late, wrong_control_id, ae, ar, never, close, unreadable, twice; the rest is accepted
  --late-ms N                how late a late answer is, default 5000
  --echo HOST:PORT           sends what was taken back as a change of NextGen's own
  --json                     the figures at the end as one line of JSON
  --help                     this text`,
  async run(args, io) {
    const options = simulateOptions(readFlags(args, SIMULATE_FLAGS));
    if (options.out !== undefined) return writeFile(options, options.out, io);
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());
    const taking = options.receivePort === undefined ? undefined : await receive(options, options.receivePort, io);
    const counts = options.port === undefined ? undefined : await send(options, options.port, stopping.signal, io);
    if (counts === undefined && !stopping.signal.aborted) await once(stopping.signal, 'abort');
    const received = await taking?.stop();
    if (options.json) io.print(JSON.stringify({ ...counts, ...(received === undefined ? {} : { received }) }));
    else if (counts !== undefined) io.print(figures(counts));
    return 0;
  },
};

async function send(options: SimulateOptions, port: number, signal: AbortSignal, io: CommandIo): Promise<FeedCounts> {
  const { host, tls, ratePerSecond, connections, messages, ackTimeoutMs, silenceMs } = options;
  const began = performance.now();
  const feed = startNextGenFeed({
    ...options.outgoing,
    host,
    port,
    ...(tls === undefined ? {} : { tls }),
    ...(messages === undefined ? {} : { messages }),
    ratePerSecond,
    connections,
    ackTimeoutMs,
    silenceMs,
    signal,
  });
  io.say(`Sends to ${host}:${port}${tls === undefined ? '' : ' over TLS'}. Stop with Ctrl+C.`);
  const telling = setInterval(() => {
    const { sent } = feed.counts();
    io.say(`${figures(feed.counts())}; ${Math.round(sent / ((performance.now() - began) / 1000))} a second`);
  }, TELL_EVERY_MS);
  await feed.ended;
  clearInterval(telling);
  return feed.counts();
}

async function receive(options: SimulateOptions, port: number, io: CommandIo) {
  const { seed, ackShares, lateMs, echo } = options;
  const byType: Record<string, number> = {};
  const receiver = await startNextGenReceiver({
    listen: { port },
    behaviour: acknowledgeByChance(seed, ackShares, lateMs),
    ...(echo === undefined ? {} : { echo }),
    keep: 1000,
    onReceived: ({ type, behaviour, codes }) => {
      byType[type] = (byType[type] ?? 0) + 1;
      io.say(`${type || 'unreadable'}: ${codes.join(', ') || behaviour}`);
    },
  });
  io.say(`Takes messages at port ${receiver.port}.`);
  return {
    stop: async () => {
      await receiver.close();
      return byType;
    },
  };
}

async function writeFile(options: SimulateOptions, path: string, io: CommandIo): Promise<number> {
  const { messages = 0, batch, lineEnd, outgoing } = options;
  const next = createOutgoing(outgoing);
  const at = (outgoing.start ?? new Date()).toISOString().slice(0, 19).replace(/[-T:]/g, '');
  const stream = createWriteStream(path, { mode: 0o600 });
  let bytes = 0;
  for (const part of fileOf(() => next().message, { messages, batch, lineEnd, at })) {
    bytes += part.length;
    if (!stream.write(part)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  io.print(
    options.json ? JSON.stringify({ messages, bytes }) : `Wrote ${messages} messages (${bytes} bytes) to ${path}.`,
  );
  return 0;
}

function figures({ sent, resent, bad, byCode }: FeedCounts): string {
  const codes = Object.entries(byCode).map(([code, count]) => `${code} ${count}`);
  return `${sent} sent (${codes.join(', ') || 'none acknowledged'}), ${resent} sent again, ${bad} bad`;
}
