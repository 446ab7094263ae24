import type { CompiledMapping } from '../../mapping/compile-mapping.ts';

/** What a worker knows of a system. */
export interface SystemSettings {
  readonly id: bigint;
  readonly environmentId: bigint;
  /** IANA name: where times that a message tells without an offset belong. */
  readonly timeZone: string;
  /** Null and undefined when there is none that works: its messages fail until there is. */
  readonly mappingId: bigint | null;
  readonly mapping: CompiledMapping | undefined;
  /** How long a message is remembered for telling its repetitions. */
  readonly duplicateWindowMs: number;
  readonly holdSeconds: number;
  readonly retry: RetryPolicy;
}

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;
  /** Counted from when the message came, or its replay was asked for; after it a failure is final. */
  readonly deadlineSeconds: number;
}

/** Exponential back-off with jitter (half to full), capped. `attempt` counts from 1. */
export function retryDelaySeconds(policy: RetryPolicy, attempt: number, random: () => number): number {
  const full = Math.min(policy.maxDelaySeconds, policy.firstDelaySeconds * 2 ** Math.min(attempt - 1, 30));
  return full * (0.5 + random() / 2);
}
