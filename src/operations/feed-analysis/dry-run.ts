import type { DryRun } from '../../contract/feed-analysis.ts';
import type { PatientInput } from '../../domain/patient/patient-record.ts';
import type { Claimed } from '../../engine/worker/claim.ts';
import type { Failure } from '../../engine/worker/failure.ts';
import { prepareMessage, type Prepared } from '../../engine/worker/prepare.ts';
import type { SystemSettings } from '../../engine/worker/settings.ts';
import { peekEnvelope } from '../../formats/hl7v2/envelope.ts';
import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import type { CompiledMapping } from '../../mapping/compile-mapping.ts';
import { Counts } from '../../mapping/feed-profile/counts.ts';
import { failureText } from '../../records/errors/failure-texts.ts';
import type { Sealer } from '../../security/sealing.ts';
import { createBreather } from './breathe.ts';
import { countTargets, shownFields } from './dry-run-record.ts';
import type { Sample } from './samples.ts';

/** Messages that are told one by one. */
const MAX_ITEMS = 200;
const MAX_KINDS = 200;

/** The worker opens what is sealed; samples are not. */
const OPEN: Sealer = {
  seal: () => {
    throw new Error('A dry run seals nothing.');
  },
  sealWith: () => {
    throw new Error('A dry run seals nothing.');
  },
  open: (_column, _id, blob) => Buffer.from(blob),
};

/** What the samples are run through. */
export interface DryRunMappings {
  readonly draft: CompiledMapping;
  readonly inForce: CompiledMapping;
  readonly systemId: bigint;
  /** IANA name, for times without an offset. */
  readonly timeZone: string;
}

/**
 * Runs samples through the worker's own preparation (parsing, routing, mapping) with another mapping, and writes nothing.
 * Fill counts are told beside those of the mapping in force.
 */
export async function dryRunFeed(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  mappings: DryRunMappings,
  reveal: boolean,
): Promise<DryRun> {
  const draft = systemWith(mappings, mappings.draft);
  const inForce = systemWith(mappings, mappings.inForce);
  const types = new Counts();
  const records = new Counts();
  const failures = new Map<string, DryRun['failures'][number]>();
  const warnings = new Map<string, DryRun['warnings'][number]>();
  const targets = new Map<string, DryRun['targets'][number]>();
  const failedItems: DryRun['items'] = [];
  const otherItems: DryRun['items'] = [];
  const totals = { messages: 0, mapped: 0, skipped: 0, failed: 0, warned: 0 };
  const breathe = createBreather();

  for await (const sample of samples) {
    totals.messages += 1;
    const content = 'problem' in sample ? undefined : sample.bytes;
    const prepared = content === undefined ? undefined : prepareMessage(claimed(content, totals.messages), draft, OPEN);
    const result = prepared?.result;
    const head = content === undefined ? undefined : headOf(content);
    types.add(head?.type ?? 'unreadable');
    const outcome = outcomeOf(result);
    totals[outcome] += 1;
    const failure =
      'problem' in sample
        ? ({ cause: 'message_format', code: sample.problem, place: null } as const)
        : result?.kind === 'failed'
          ? result.failure
          : undefined;
    if (failure !== undefined) countFailure(failures, failure);
    const problems = (prepared?.steps ?? []).flatMap((step) => step.p ?? []);
    const warned = problems.filter(({ severity }) => severity === 'warning');
    if (outcome === 'mapped' && warned.length > 0) totals.warned += 1;
    countWarnings(warnings, warned);
    const made = result?.kind === 'patient' ? result.records.records.map(({ type }) => type) : [];
    for (const type of made) records.add(type);
    const input = inputOf(result);
    if (input !== undefined && content !== undefined) {
      const before = inputOf(prepareMessage(claimed(content, totals.messages), inForce, OPEN).result);
      countTargets(targets, input, before);
    }
    const items = outcome === 'failed' ? failedItems : otherItems;
    if (items.length < MAX_ITEMS) {
      items.push({
        number: totals.messages,
        line: sample.place,
        type: head?.type ?? '',
        control_id: head?.controlId ?? '',
        outcome,
        failure: failure === undefined ? '' : `${failure.code}${failure.place === null ? '' : ` at ${failure.place}`}`,
        warnings: warned.length,
        records: countedWords(made),
        fields: input === undefined ? [] : shownFields(input, reveal),
      });
    }
    await breathe();
  }
  return {
    ...totals,
    failures: [...failures.values()].sort((a, b) => b.messages - a.messages),
    warnings: [...warnings.values()].sort((a, b) => b.messages - a.messages),
    targets: [...targets.values()].map((target) => ({ ...target, of: totals.mapped + totals.failed })),
    types: types.list(),
    records: records.list(),
    items: [...failedItems, ...otherItems].slice(0, MAX_ITEMS),
    revealed: reveal,
  };
}

function systemWith(of: Pick<DryRunMappings, 'systemId' | 'timeZone'>, mapping: CompiledMapping): SystemSettings {
  return {
    id: of.systemId,
    timeZone: of.timeZone,
    environmentId: 0n,
    mappingId: 0n,
    mapping,
    duplicateWindowMs: 0,
    holdSeconds: 0,
    retry: { maxAttempts: 1, firstDelaySeconds: 1, maxDelaySeconds: 1, deadlineSeconds: 1 },
  };
}

function claimed(content: Buffer, number: number): Claimed {
  return {
    messageId: BigInt(number),
    transactionId: BigInt(number),
    lane: 0n,
    kind: 0,
    attempts: 0,
    replyNode: null,
    size: content.length,
    systemId: 0n,
    listenerId: 0n,
    type: '',
    ackCode: '',
    content,
    repaired: null,
    heldBy: null,
    failures: [],
    earlier: null,
  };
}

function headOf(content: Buffer): { type: string; controlId: string } | undefined {
  try {
    const { messageCode, triggerEvent, controlId } = peekEnvelope(content);
    return { type: [messageCode ?? '', triggerEvent].filter(Boolean).join('^'), controlId: controlId ?? '' };
  } catch (error) {
    if (error instanceof Hl7Error) return undefined;
    throw error;
  }
}

/** `DiagnosticReport, 3 Observation` */
function countedWords(types: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => (count === 1 ? type : `${count} ${type}`)).join(', ');
}

function outcomeOf(result: Prepared['result'] | undefined): 'mapped' | 'skipped' | 'failed' {
  if (result === undefined || result.kind === 'failed') return 'failed';
  return result.kind === 'filtered' ? 'skipped' : 'mapped';
}

function inputOf(result: Prepared['result'] | undefined): PatientInput | undefined {
  return result !== undefined && 'input' in result ? result.input : undefined;
}

function countFailure(
  failures: Map<string, DryRun['failures'][number]>,
  failure: Pick<Failure, 'cause' | 'code' | 'place'>,
): void {
  const place = (failure.place ?? '').replaceAll(/\[\d+\]/g, '');
  const key = `${failure.code} ${place}`;
  const known = failures.get(key);
  if (known !== undefined) known.messages += 1;
  else if (failures.size < MAX_KINDS) {
    const { sentence, hint } = failureText(failure.cause, failure.code);
    failures.set(key, { code: failure.code, place, sentence, hint, messages: 1 });
  }
}

function countWarnings(
  warnings: Map<string, DryRun['warnings'][number]>,
  found: readonly { readonly code: string; readonly place: string; readonly reason: string; readonly hint: string }[],
): void {
  const seen = new Set<string>();
  for (const { code, place, reason, hint } of found) {
    const bare = place.replaceAll(/\[\d+\]/g, '');
    const key = `${code} ${bare}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const known = warnings.get(key);
    if (known !== undefined) known.messages += 1;
    else if (warnings.size < MAX_KINDS)
      warnings.set(key, { code, place: bare, target: '', words: reason, hint, messages: 1 });
  }
}
