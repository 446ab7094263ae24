import { buildAck, hl7Timestamp, type AckCode, type AckError } from '../../src/formats/hl7v2/ack.ts';
import { peekEnvelope, type Envelope } from '../../src/formats/hl7v2/envelope.ts';
import { Hl7Error } from '../../src/formats/hl7v2/hl7-error.ts';
import { parseMessage, type Hl7Message } from '../../src/formats/hl7v2/message.ts';
import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { hasErrors, problemOf, validateMessage } from '../../src/formats/hl7v2/validate.ts';
import { createMllpClient } from '../../src/transport/mllp/client.ts';
import type { MllpClient } from '../../src/transport/mllp/client-types.ts';
import { createMllpServer } from '../../src/transport/mllp/server.ts';
import type { MllpReply, MllpServer } from '../../src/transport/mllp/server-types.ts';
import { EchoBook } from './echo.ts';
import type { AckBehaviour, EchoSent, NextGenReceiver, Received, ReceiverOptions } from './receiver-types.ts';

/**
 * Plays the side of a NextGen practice that takes messages: stores what it got, and acknowledges it as it is told to.
 *
 * @example
 * const nextgen = await startNextGenReceiver({ behaviour: { kind: 'accept' } });
 * nextgen.behaveNext({ kind: 'never' });
 * // … our sender sends to nextgen.port, gets no answer, and sends again …
 * const [first, second] = await nextgen.waitFor(2);
 *
 * @throws MllpError `mllp_port_in_use`, `mllp_listen_failed`, `mllp_bad_option`
 */
export async function startNextGenReceiver(options: ReceiverOptions = {}): Promise<NextGenReceiver> {
  const receiver = new Receiver(options);
  await receiver.listen();
  return receiver;
}

class Receiver implements NextGenReceiver {
  port = 0;
  readonly received: Received[] = [];
  readonly echoes: EchoSent[] = [];
  readonly #options: ReceiverOptions;
  readonly #server: MllpServer;
  readonly #now: () => Date;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #watchers = new Set<() => void>();
  readonly #controlIds = new Set<string>();
  readonly #book = new EchoBook();
  readonly #echoClient: MllpClient | undefined;
  readonly #closing = new AbortController();
  #behaviour: NonNullable<ReceiverOptions['behaviour']>;
  #next: AckBehaviour[] = [];
  #count = 0;
  #acks = 0;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#behaviour = options.behaviour ?? { kind: 'accept' };
    const { echo } = options;
    this.#echoClient =
      echo &&
      createMllpClient({ host: echo.host, port: echo.port, ...(echo.tls === undefined ? {} : { tls: echo.tls }) });
    this.#server = createMllpServer(
      { port: 0, ...options.listen },
      {
        onFrame: (frame, reply) => this.#take(frame, reply),
        onRejected: (rejection, reply) => this.#take(rejection.head, reply),
      },
    );
  }

  async listen(): Promise<void> {
    this.port = (await this.#server.listen()).port;
  }

  behave(behaviour: NonNullable<ReceiverOptions['behaviour']>): void {
    this.#behaviour = behaviour;
  }

  behaveNext(...behaviours: readonly AckBehaviour[]): void {
    this.#next.push(...behaviours);
  }

  async waitFor(what: number | ((received: Received) => boolean), timeoutMs = 10_000): Promise<readonly Received[]> {
    const met = () => (typeof what === 'number' ? this.#count >= what : this.received.some(what));
    await this.#until(met, timeoutMs, () => `${this.#count} messages came, but not what was waited for.`);
    return this.received;
  }

  async waitForEchoes(count: number, timeoutMs = 10_000): Promise<readonly EchoSent[]> {
    const answered = () => this.echoes.filter(({ code }) => code !== undefined).length;
    await this.#until(
      () => answered() >= count,
      timeoutMs,
      () => `${answered()} of ${count} echoes were answered.`,
    );
    return this.echoes;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#echoClient?.close();
    await this.#server.close({ graceMs: 0 });
  }

  #take(frame: Buffer, reply: MllpReply): void {
    const read = readFrame(frame);
    const type = `${read.envelope?.messageCode ?? ''}${read.envelope?.triggerEvent === undefined ? '' : `^${read.envelope.triggerEvent}`}`;
    const chosen = typeof this.#behaviour === 'function' ? this.#behaviour({ type, bytes: frame }) : this.#behaviour;
    const behaviour = this.#next.shift() ?? chosen;
    const controlId = read.envelope?.controlId ?? '';
    const codes: AckCode[] = [];
    this.#count += 1;
    const received: Received = {
      number: this.#count,
      at: this.#now(),
      bytes: frame,
      type,
      controlId,
      again: this.#controlIds.has(controlId),
      behaviour: behaviour.kind,
      codes,
    };
    this.#controlIds.add(controlId);
    this.received.push(received);
    if (this.received.length > (this.#options.keep ?? 10_000)) this.received.shift();
    this.#answer(behaviour, read, reply, codes);
    const taken = codes.includes('AA') || behaviour.kind === 'late';
    if (taken && !received.again && read.message !== undefined) this.#echo(read.message, controlId);
    this.#options.onReceived?.(received);
    for (const watcher of this.#watchers) watcher();
  }

  #answer(behaviour: AckBehaviour, read: ReadFrame, reply: MllpReply, codes: AckCode[]): void {
    const say = (
      code: AckCode,
      more: { errors?: readonly AckError[]; text?: string; controlId?: string } = {},
    ): Buffer => {
      codes.push(code);
      this.#acks += 1;
      const ack = { code, controlId: `NGACK${this.#acks}`, now: this.#now(), ...ackOf(read, more) };
      return buildAck(ack);
    };
    switch (behaviour.kind) {
      case 'never':
        return;
      case 'close':
        reply.connection.destroy();
        return;
      case 'unreadable':
        reply.end(Buffer.from('OK\r'));
        return;
      case 'wrong_control_id':
        reply.end(say('AA', { controlId: 'NEVER-SENT' }));
        return;
      case 'refuse': {
        const { code, text = 'The message was refused.', errors } = behaviour;
        reply.end(say(code, { text, errors: errors ?? [{ conditionCode: '207', severity: 'E', text }] }));
        return;
      }
      case 'late':
        this.#later(behaviour.ms, () => accept(read, reply, say));
        return;
      case 'twice': {
        const ack = say('AA');
        reply.send(ack);
        reply.end(ack);
        return;
      }
      case 'accept':
        accept(read, reply, say);
    }
  }

  #echo(message: Hl7Message, of: string): void {
    const { echo } = this.#options;
    const client = this.#echoClient;
    if (echo === undefined || client === undefined) return;
    const bytes = this.#book.echoOf(message, hl7Timestamp(this.#now()).slice(0, 14));
    if (bytes === undefined) return;
    this.#later(echo.delayMs ?? 50, () => {
      const at = this.echoes.push({ of, bytes, code: undefined }) - 1;
      client
        .send(bytes, { timeoutMs: 30_000, signal: this.#closing.signal })
        .then(
          (ack) => codeOf(ack),
          () => 'none',
        )
        .then((code) => {
          this.echoes[at] = { of, bytes, code };
          for (const watcher of this.#watchers) watcher();
        })
        .catch(() => undefined);
    });
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  #until(met: () => boolean, timeoutMs: number, complaint: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
      };
      const watch = () => {
        if (!met()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(complaint()));
      }, timeoutMs);
      this.#watchers.add(watch);
      watch();
    });
  }
}

interface ReadFrame {
  readonly envelope: Envelope | undefined;
  readonly message: Hl7Message | undefined;
  readonly problems: readonly AckError[];
}

function readFrame(frame: Buffer): ReadFrame {
  let envelope: Envelope | undefined;
  try {
    envelope = peekEnvelope(frame);
    const message = parseMessage(frame);
    return { envelope, message, problems: validateMessage(message) };
  } catch (error) {
    if (!(error instanceof Hl7Error)) throw error;
    return { envelope, message: undefined, problems: [problemOf(error)] };
  }
}

type Say = (code: AckCode, more?: { errors?: readonly AckError[]; text?: string }) => Buffer;

/** What an engine does that takes what it can: AE for what it cannot use, AR for what it cannot read. */
function accept({ envelope, message, problems }: ReadFrame, reply: MllpReply, say: Say): void {
  const bad = message === undefined || hasErrors(problems as Parameters<typeof hasErrors>[0]);
  const code = message === undefined ? 'AR' : bad ? 'AE' : 'AA';
  const more = bad ? { errors: problems.filter((one) => one.severity === 'E') } : {};
  const enhanced = envelope?.acceptAck !== undefined || envelope?.applicationAck !== undefined;
  if (!enhanced) {
    reply.end(say(code, more));
    return;
  }
  if (wanted(envelope?.acceptAck, bad)) reply.send(say(message === undefined ? 'CR' : 'CA'));
  if (message !== undefined && wanted(envelope?.applicationAck, bad)) reply.end(say(code, more));
  else reply.end();
}

/** MSH-15 and MSH-16 (table 0155): always, never, on error, on success. */
function wanted(condition: string | undefined, bad: boolean): boolean {
  return condition === 'AL' || (condition === 'ER' && bad) || (condition === 'SU' && !bad);
}

function ackOf(
  { envelope }: ReadFrame,
  more: { errors?: readonly AckError[]; text?: string; controlId?: string },
): { request?: Envelope; errors?: readonly AckError[]; text?: string } {
  const { controlId, ...rest } = more;
  if (envelope === undefined) return rest;
  if (controlId === undefined) return { request: envelope, ...rest };
  const fields = [...envelope.fields];
  fields[10] = controlId;
  return { request: { ...envelope, controlId, fields }, ...rest };
}

function codeOf(ack: Buffer): string {
  try {
    return parseAck(ack).code;
  } catch {
    return 'unreadable';
  }
}
