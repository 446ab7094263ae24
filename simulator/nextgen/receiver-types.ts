import type { AckCode, AckError } from '../../src/formats/hl7v2/ack.ts';
import type { ClientTlsOptions } from '../../src/transport/mllp/client-types.ts';
import type { MllpServerOptions } from '../../src/transport/mllp/server-types.ts';

/** How the vendor's side answers a message. */
export type AckBehaviour =
  /** As an engine does that takes it: AA, in enhanced mode CA and then AA; AE or AR where the message is bad. */
  | { readonly kind: 'accept' }
  | { readonly kind: 'late'; readonly ms: number }
  /** AA, but for a message that was never sent. */
  | { readonly kind: 'wrong_control_id' }
  | {
      readonly kind: 'refuse';
      readonly code: 'AE' | 'AR';
      readonly text?: string;
      readonly errors?: readonly AckError[];
    }
  | { readonly kind: 'never' }
  /** Hangs up without an answer. */
  | { readonly kind: 'close' }
  /** Answers with something that is no acknowledgment. */
  | { readonly kind: 'unreadable' }
  /** Acknowledges the same message two times. */
  | { readonly kind: 'twice' };
export type AckBehaviourKind = AckBehaviour['kind'];

export interface Received {
  /** Counted from 1. */
  readonly number: number;
  readonly at: Date;
  readonly bytes: Buffer;
  /** `SIU^S12`; '' where it could not be read. */
  readonly type: string;
  readonly controlId: string;
  /** Whether the same control id came before. */
  readonly again: boolean;
  readonly behaviour: AckBehaviourKind;
  /** The codes that were sent, in order. */
  readonly codes: readonly AckCode[];
}

export interface EchoSent {
  /** Control id of the message that is echoed. */
  readonly of: string;
  readonly bytes: Buffer;
  /** MSA-1 of the answer; undefined while there is none. */
  readonly code: string | undefined;
}

export interface EchoOptions {
  /** Where NextGen's own messages go: our listener. */
  readonly host: string;
  readonly port: number;
  readonly tls?: ClientTlsOptions;
  /** Default 50 ms. */
  readonly delayMs?: number;
}

export interface ReceiverOptions {
  /** Default a free port of loopback. */
  readonly listen?: Partial<MllpServerOptions>;
  /** Default `accept`. A function is asked for each message. */
  readonly behaviour?: AckBehaviour | ((received: { readonly type: string; readonly bytes: Buffer }) => AckBehaviour);
  /** Sends what was changed back as a change of NextGen's own, as NextGen does. Default: no echo. */
  readonly echo?: EchoOptions;
  /** Messages that are kept; older ones are dropped. Default 10,000. */
  readonly keep?: number;
  /** Default: the system's clock. */
  readonly now?: () => Date;
  readonly onReceived?: (received: Received) => void;
}

export interface NextGenReceiver {
  readonly port: number;
  readonly received: readonly Received[];
  readonly echoes: readonly EchoSent[];
  /** From now on. */
  behave(behaviour: NonNullable<ReceiverOptions['behaviour']>): void;
  /** The next messages only, in turn. */
  behaveNext(...behaviours: readonly AckBehaviour[]): void;
  /** Resolves when so many messages have come, or one that fits. @throws Error after `timeoutMs` (default 10 seconds) */
  waitFor(what: number | ((received: Received) => boolean), timeoutMs?: number): Promise<readonly Received[]>;
  /** Resolves when so many echoes were answered. @throws Error after `timeoutMs` (default 10 seconds) */
  waitForEchoes(count: number, timeoutMs?: number): Promise<readonly EchoSent[]>;
  close(): Promise<void>;
}
