#!/usr/bin/env node
// MLLP load generator without dependencies: a closed loop per connection.
//
// usage: node bench/mllp-load.mjs --port 6661 [options]
//   --host 127.0.0.1   --conns 4      connections
//   --seconds 20       measured time  --warmup 5   seconds before it   --messages N   stop after N acknowledgments instead
//   --inflight 1       messages outstanding per connection (1 = stop and wait, more = pipelining)
//   --size 1024        bytes of a message   --patients 50000   distinct patients: how often updates meet the same record
//   --ack original     MSH-15 and 16 empty; or enhanced: AL and NE, and CA counts as success
//   --expect AA        the MSA-1 that counts as success
//   --timeout 60       seconds without an answer after which a connection counts as stuck
//   --pid PID          measures CPU and memory (PSS) of that process and all its descendants
//   --json             one line of JSON
//
// Every acknowledgment is matched by its MSA-2 to the MSH-10 of its message, so that lost, repeated and reordered ones are
// counted whatever the server does.
import fs from 'node:fs';
import net from 'node:net';
import { parseArgs } from 'node:util';

const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;
const CARRIAGE_RETURN = 0x0d;
const CLOCK_TICKS_PER_SECOND = 100;
const SECTOR_BYTES = 512;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    conns: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
    warmup: { type: 'string', default: '5' },
    messages: { type: 'string' },
    inflight: { type: 'string', default: '1' },
    size: { type: 'string', default: '1024' },
    patients: { type: 'string', default: '50000' },
    ack: { type: 'string', default: 'original' },
    expect: { type: 'string' },
    timeout: { type: 'string', default: '60' },
    pid: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

function numberOption(name) {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < 0) {
    console.error(`--${name} must be a number, not ${values[name]}.`);
    process.exit(2);
  }
  return value;
}

const port = numberOption('port');
const connections = numberOption('conns');
const measuredSeconds = numberOption('seconds');
const warmupSeconds = numberOption('warmup');
const depth = numberOption('inflight');
const size = numberOption('size');
const patients = numberOption('patients');
const timeoutMs = numberOption('timeout') * 1000;
const maxMessages = values.messages === undefined ? Infinity : numberOption('messages');
const pid = values.pid === undefined ? undefined : numberOption('pid');
const enhanced = values.ack === 'enhanced';
const expected = values.expect ?? (enhanced ? 'CA' : 'AA');
const run = Date.now().toString(36);

/** An ADT^A04 about patient `n` modulo the number of patients, padded to the wanted size and framed. */
function makeMessage(id, n) {
  const time = new Date().toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const mrn = 100_000 + (n % patients);
  const acknowledgments = enhanced ? '|||AL|NE' : '';
  const segments = [
    `MSH|^~\\&|LOADGEN|CLINIC|STUDIO|HUB|${time}||ADT^A04^ADT_A01|${id}|P|2.5.1${acknowledgments}`,
    `EVN|A04|${time}|||LOAD^GEN`,
    `PID|1||${mrn}^^^CLINIC^MR~999${mrn}^^^SSA^SS||Test${n % 977}^Pat${n % 313}^Q^^^^L||19${10 + (n % 89)}0${1 + (n % 9)}1${n % 10}|${n & 1 ? 'M' : 'F'}||2106-3^White^CDCREC|${n % 9999} Main St^^Springfield^IL^6270${n % 10}^USA^H||^PRN^PH^^1^217^555${1000 + (n % 9000)}|^WPN^PH^^1^217^5551212|en|M|CHR|ACC${n}^^^CLINIC^AN|999${mrn}|||2186-5^Not Hispanic^CDCREC||||||||N`,
    'PD1||||1234567893^Primary^Provider^^^^MD^^NPI',
    `NK1|1|Kin${n % 99}^Next^Of|SPO^Spouse^HL70063|${n % 9999} Main St^^Springfield^IL^62701|^PRN^PH^^1^217^5553434`,
    `PV1|1|O|FAM^ROOM1^^CLINIC||||1234567893^Doe^Jane^^^^MD^^NPI|||FAM||||1|||1234567893^Doe^Jane|O|V${n}|||||||||||||||||||||||||${time}`,
    `IN1|1|PPO123^Blue Plan|BCBS01|Blue Cross^^12345|PO Box 1^^Chicago^IL^60601|||GRP${n % 500}||||20240101|||PPO|Test^Pat|18^Self^HL70063`,
  ];
  let message = `${segments.join('\r')}\r`;
  if (message.length < size - 12) message += `NTE|1|L|${'x'.repeat(size - message.length - 9)}\r`;
  return Buffer.from(`\x0b${message}\x1c\r`, 'latin1');
}

const now = () => Number(process.hrtime.bigint()) / 1e6;
const count = { sent: 0, bytes: 0, acknowledged: 0, refused: 0, unreadable: 0, stray: 0, outOfOrder: 0 };
const errors = new Set();
const latencies = [];
let measuring = false;
let stopped = false;
let startedAt = 0;
let endedAt = 0;

function stop() {
  if (stopped) return;
  stopped = true;
  endedAt = now();
}

/** Runs one connection until the measurement stops and all its messages are answered, or it fails. */
function runConnection(index) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: values.host, port, noDelay: true });
    const outstanding = new Map();
    let order = [];
    let received = Buffer.alloc(0);

    const send = () => {
      count.sent += 1;
      const id = `${run}${index}x${count.sent}`;
      const bytes = makeMessage(id, count.sent);
      count.bytes += bytes.length;
      outstanding.set(id, now());
      order.push(id);
      socket.write(bytes);
    };
    const endWhenAnswered = () => {
      if (!stopped || outstanding.size > 0) return;
      socket.end();
      resolve();
    };
    const takeAcknowledgment = (text) => {
      const [, code, id] = /(?:^|\r)MSA\|([^|\r]*)\|([^|\r]*)/.exec(text) ?? [];
      if (id === undefined) {
        count.unreadable += 1;
        return;
      }
      const sentAt = outstanding.get(id);
      if (sentAt === undefined) {
        count.stray += 1;
        return;
      }
      outstanding.delete(id);
      if (order[0] === id) order.shift();
      else {
        count.outOfOrder += 1;
        order = order.filter((other) => other !== id);
      }
      if (code !== expected) count.refused += 1;
      if (measuring && !stopped) {
        latencies.push(now() - sentAt);
        count.acknowledged += 1;
        if (count.acknowledged >= maxMessages) stop();
      }
      if (!stopped) send();
    };

    socket.setTimeout(timeoutMs, () => {
      errors.add('timeout');
      socket.destroy();
      resolve();
    });
    socket.on('connect', () => {
      for (let sent = 0; sent < depth; sent += 1) send();
    });
    socket.on('error', (error) => {
      errors.add(error.code ?? error.message);
      resolve();
    });
    socket.on('close', () => {
      if (outstanding.size > 0) errors.add(`closed with ${outstanding.size} unacknowledged`);
      resolve();
    });
    socket.on('data', (chunk) => {
      received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
      for (;;) {
        const start = received.indexOf(START_BLOCK);
        const end = start < 0 ? -1 : received.indexOf(END_BLOCK, start);
        if (end < 0) break;
        const text = received.toString('latin1', start + 1, end);
        received = received.subarray(received[end + 1] === CARRIAGE_RETURN ? end + 2 : end + 1);
        takeAcknowledgment(text);
      }
      endWhenAnswered();
    });
    const poll = setInterval(() => {
      if (!stopped) return;
      clearInterval(poll);
      endWhenAnswered();
    }, 20);
  });
}

/** The fields of /proc/PID/stat behind the process name: index 1 is the parent, 11 and 12 are CPU ticks. */
function processStat(id) {
  const text = fs.readFileSync(`/proc/${id}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** The measured process and all its descendants. */
function processTree() {
  const children = new Map();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(processStat(name)[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // it ended while we looked
    }
  }
  const tree = [];
  const left = [pid];
  while (left.length > 0) {
    const id = left.pop();
    tree.push(id);
    left.push(...(children.get(id) ?? []));
  }
  return tree;
}

function sumOverTree(read) {
  let sum = 0;
  for (const id of processTree()) {
    try {
      sum += read(id);
    } catch {
      // it ended while we looked
    }
  }
  return sum;
}

const memory = { max: 0, sum: 0, samples: 0 };

function sampleMemory() {
  const megabytes = sumOverTree(
    (id) => Number(/Pss:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/smaps_rollup`, 'latin1'))?.[1]) / 1024,
  );
  memory.max = Math.max(memory.max, megabytes);
  memory.sum += megabytes;
  memory.samples += 1;
}

function hostTicks() {
  try {
    return fs.readFileSync('/proc/stat', 'latin1').split('\n')[0].split(/\s+/).slice(1).map(Number);
  } catch {
    return [];
  }
}

/** Bytes written to the machine's disks. The counter of a process misleads: it counts what is only cached. */
function diskBytes() {
  try {
    let sectors = 0;
    for (const disk of fs.readdirSync('/sys/block')) {
      if (!/^(?:vd|sd|nvme|xvd)/.test(disk)) continue;
      sectors += Number(fs.readFileSync(`/sys/block/${disk}/stat`, 'utf8').trim().split(/\s+/)[6]);
    }
    return sectors * SECTOR_BYTES;
  } catch {
    return NaN;
  }
}

function measure() {
  return {
    serverTicks:
      pid === undefined
        ? NaN
        : sumOverTree((id) => {
            const stat = processStat(id);
            return Number(stat[11]) + Number(stat[12]);
          }),
    host: hostTicks(),
    disk: diskBytes(),
    own: process.cpuUsage(),
  };
}

let before;
const sampler = pid === undefined ? undefined : setInterval(sampleMemory, 500);
setTimeout(() => {
  measuring = true;
  startedAt = now();
  before = measure();
  if (maxMessages === Infinity) setTimeout(stop, measuredSeconds * 1000);
}, warmupSeconds * 1000);

await Promise.all(Array.from({ length: connections }, (_, index) => runConnection(index)));
if (before === undefined) {
  console.error(`No connection lasted to the end of the warm-up: ${[...errors].join(', ')}`);
  process.exit(1);
}
if (endedAt === 0) endedAt = now();
clearInterval(sampler);
report(before, measure());
process.exit(0);

function report(first, last) {
  latencies.sort((a, b) => a - b);
  const quantile = (share) =>
    latencies.length === 0
      ? null
      : round(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))], 2);
  const seconds = (endedAt - startedAt) / 1000;
  const { acknowledged } = count;
  const host = last.host.map((ticks, index) => ticks - first.host[index]);
  const hostTotal = host.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
  const idle = host[3] + host[4];
  const own = (last.own.user + last.own.system - first.own.user - first.own.system) / 1e6 / seconds;
  const server = (last.serverTicks - first.serverTicks) / CLOCK_TICKS_PER_SECOND;
  const busy = (hostTotal - idle) / CLOCK_TICKS_PER_SECOND / seconds;
  const result = {
    conns: connections,
    inflight: depth,
    secs: round(seconds, 1),
    acked: acknowledged,
    msgPerSec: round(acknowledged / seconds, 1),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: quantile(1),
    nak: count.refused,
    badAck: count.unreadable,
    strayAck: count.stray,
    outOfOrder: count.outOfOrder,
    errs: [...errors].slice(0, 5),
    avgBytes: Math.round(count.bytes / count.sent),
    ...(pid === undefined
      ? {}
      : {
          serverCpuMsPerMsg: round((server * 1000) / acknowledged, 3),
          serverCores: round(server / seconds, 2),
          serverRssMaxMB: Math.round(memory.max),
          serverRssMeanMB: Math.round(memory.sum / memory.samples),
          writeBytesPerMsg: Math.round((last.disk - first.disk) / acknowledged),
        }),
    genCores: round(own, 2),
    otherCores: pid === undefined ? null : round(busy - own - server / seconds, 2),
    hostBusyPct: Math.round((100 * (hostTotal - idle)) / hostTotal),
    hostIowaitPct: Math.round((100 * host[4]) / hostTotal),
  };
  console.log(values.json ? JSON.stringify(result) : result);
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
