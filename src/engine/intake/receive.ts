import type { AckCode } from '../../formats/hl7v2/ack.ts';
import { peekPatientKey } from '../../formats/hl7v2/patient-key.ts';
import { isMessageCode, type Envelope } from '../../formats/hl7v2/envelope.ts';
import type { MllpRejection, MllpReply } from '../../transport/mllp/server-types.ts';
import type { MessageOutcome } from '../worker/batch-outcome.ts';
import { failureError } from './failure-errors.ts';
import { checkHeader } from './header-check.ts';
import type { Intake } from './intake.ts';
import type { PendingOutcomes } from './pending-outcomes.ts';
import { planReply, renderAck, type AckSettings, type ReplyPlan } from './replies.ts';

/** What receiving needs to know of the listener that a frame came in by. */
export interface ReceivingListener {
  readonly id: bigint;
  readonly systemId: bigint;
  readonly ack: AckSettings;
  readonly ackTimeoutMs: number;
}

export interface ReceiveDeps {
  readonly intake: Intake;
  readonly outcomes: PendingOutcomes;
  readonly now: () => number;
  /** Time from the frame's arrival to its acknowledgment, in ms. */
  readonly onAcknowledged: (ms: number) => void;
  /** An acknowledgment could not be handed over: the peer was gone. */
  readonly onUnsent: (messageId: bigint) => void;
}

/** Takes a frame over from a listener: checks its header, has it stored, answers. */
export function receiveFrame(frame: Buffer, reply: MllpReply, listener: ReceivingListener, deps: ReceiveDeps): void {
  const arrivedAt = performance.now();
  const { envelope, errors, refusal } = checkHeader(frame);
  const plan = planReply(envelope, refusal, listener.ack);
  const awaitsOutcome = plan.atOutcome.success || plan.atOutcome.failure;
  const accepted = deps.intake.accept({
    bytes: frame,
    systemId: listener.systemId,
    listenerId: listener.id,
    type: messageType(envelope),
    controlId: clean(envelope?.controlId ?? '', 200),
    patientKey: envelope === undefined || refusal !== undefined ? undefined : peekPatientKey(frame, envelope),
    peer: reply.connection.peer,
    ackCode: plan.atCommit ?? '',
    awaitsOutcome,
    stored: (id) => {
      if (plan.atCommit !== undefined) {
        const sent = reply.end(renderAck(envelope, plan.atCommit, id, new Date(deps.now()), errors, errors[0]?.text));
        if (!sent) deps.onUnsent(id);
        deps.onAcknowledged(performance.now() - arrivedAt);
      } else if (!awaitsOutcome) {
        reply.end();
        return;
      }
      if (!awaitsOutcome) return;
      deps.outcomes.wait(id, listener.ackTimeoutMs, (outcome) => {
        answerOutcome(reply, envelope, plan, id, outcome, deps);
        if (plan.atCommit === undefined) deps.onAcknowledged(performance.now() - arrivedAt);
      });
    },
    refused: () => {
      deps.outcomes.forget(accepted);
      const error = { conditionCode: '207', severity: 'E', text: 'The message cannot be stored as it is.' } as const;
      const code = plan.atCommit?.startsWith('C') === true ? 'CR' : 'AR';
      reply.end(renderAck(envelope, code, 0n, new Date(deps.now()), [error], error.text));
    },
    failed: () => reply.connection.destroy(),
  });
  if (awaitsOutcome) deps.outcomes.expect(accepted);
}

/** The acknowledgment that tells the outcome: in the line of replies when it is the only one, else on its own. */
function answerOutcome(
  reply: MllpReply,
  envelope: Envelope | undefined,
  plan: ReplyPlan,
  id: bigint,
  outcome: MessageOutcome | 'timeout',
  deps: ReceiveDeps,
): void {
  const { code, errors } = describeOutcome(outcome);
  const wanted = code === 'AA' ? plan.atOutcome.success : plan.atOutcome.failure;
  const alone = plan.atCommit === undefined;
  if (!wanted) {
    if (alone) reply.end();
    return;
  }
  const ack = renderAck(envelope, code, id, new Date(deps.now()), errors, errors[0]?.text, !alone);
  const sent = alone ? reply.end(ack) : reply.connection.send(ack);
  if (!sent) deps.onUnsent(id);
}

function describeOutcome(outcome: MessageOutcome | 'timeout'): {
  readonly code: AckCode;
  readonly errors: Parameters<typeof renderAck>[4] & object;
} {
  const pending = (text: string): ReturnType<typeof describeOutcome> => ({
    code: 'AE',
    errors: [{ conditionCode: '207', severity: 'E', text }],
  });
  if (outcome === 'timeout') return pending('The message is stored safely, but its processing has not ended yet.');
  if (outcome.state === 'held')
    return pending('The message is stored safely and waits for an earlier one about the same record.');
  if (outcome.state === 'retrying')
    return pending('The message is stored safely; its processing is being tried again.');
  if (outcome.failure === null) return { code: 'AA', errors: [] };
  return { code: 'AE', errors: [failureError(outcome.failure)] };
}

/** Answers what is no acceptable frame; an oversized one is kept by its head, so that it is not lost unseen. */
export function receiveRejected(
  rejection: MllpRejection,
  reply: MllpReply,
  listener: ReceivingListener,
  deps: ReceiveDeps,
): void {
  // The start of an unfinished frame: its sender never got an answer and sends it again whole.
  if (rejection.kind === 'truncated') {
    reply.end();
    return;
  }
  const { envelope } = checkHeader(rejection.head);
  const error =
    rejection.kind === 'oversized'
      ? ({
          conditionCode: '104',
          severity: 'E',
          text: `The message has ${rejection.size} bytes, more than this listener takes.`,
        } as const)
      : ({ conditionCode: '100', severity: 'E', text: 'The frame is empty.' } as const);
  const plan = planReply(envelope, 'AR', listener.ack);
  const answer = (id: bigint): void => {
    if (plan.atCommit === undefined) reply.end();
    else reply.end(renderAck(envelope, plan.atCommit, id, new Date(deps.now()), [error], error.text));
  };
  if (rejection.kind === 'empty') {
    answer(0n);
    return;
  }
  deps.intake.accept({
    bytes: rejection.head,
    systemId: listener.systemId,
    listenerId: listener.id,
    type: 'oversized',
    controlId: clean(envelope?.controlId ?? '', 200),
    patientKey: undefined,
    peer: reply.connection.peer,
    ackCode: plan.atCommit ?? '',
    awaitsOutcome: false,
    stored: answer,
    refused: () => answer(0n),
    failed: () => reply.connection.destroy(),
  });
}

/** `ADT^A04` for lists and routing; `unreadable` when there is no header. */
function messageType(envelope: Envelope | undefined): string {
  if (envelope?.messageCode === undefined || !isMessageCode(envelope.messageCode)) return 'unreadable';
  return clean(
    envelope.triggerEvent === undefined ? envelope.messageCode : `${envelope.messageCode}^${envelope.triggerEvent}`,
    40,
  );
}

/** Text as PostgreSQL takes it: without control characters, of bounded length. */
function clean(text: string, length: number): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f]/g, '').slice(0, length);
}
