import { checkKey } from '../../parts/key-of.ts';

/** The half-made system of the wizard, kept in this tab so that the wizard can be left and resumed. */
export interface SystemDraft {
  readonly step: number;
  readonly product: string;
  readonly version: string;
  readonly methods: readonly ('api' | 'hl7' | 'file')[];
  readonly environmentId: string;
  readonly name: string;
  readonly key: string;
  readonly timeZone: string;
  readonly country: string;
  readonly note: string;
  readonly retry: {
    readonly max_attempts: number;
    readonly first_delay_seconds: number;
    readonly max_delay_seconds: number;
    readonly deadline_seconds: number;
  };
  readonly holdSeconds: number;
  readonly duplicateHours: number;
}

export function emptyDraft(environmentId: string): SystemDraft {
  return {
    step: 0,
    product: '',
    version: '',
    methods: [],
    environmentId,
    name: '',
    key: '',
    timeZone: 'America/New_York',
    country: 'US',
    note: '',
    retry: { max_attempts: 12, first_delay_seconds: 2, max_delay_seconds: 900, deadline_seconds: 86_400 },
    holdSeconds: 900,
    duplicateHours: 168,
  };
}

const KEY = 'practice-studio-new-system';
export function readDraft(storage: Pick<Storage, 'getItem'>, environmentId: string): SystemDraft {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? 'null') as Partial<SystemDraft> | null;
    return kept === null ? emptyDraft(environmentId) : { ...emptyDraft(environmentId), ...kept };
  } catch {
    return emptyDraft(environmentId);
  }
}
export function keepDraft(storage: Pick<Storage, 'setItem' | 'removeItem'>, draft: SystemDraft | undefined): void {
  try {
    if (draft === undefined) storage.removeItem(KEY);
    else storage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Without storage the wizard works, but not across a reload.
  }
}

/** The first and longest waits of a retry policy in words: `2 s, 4 s, 8 s … 15 min`. */
export function retryDelays(retry: SystemDraft['retry'], count: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(count, retry.max_attempts - 1)) }, (_, index) =>
    Math.min(retry.max_delay_seconds, retry.first_delay_seconds * 2 ** index),
  );
}

/** What keeps a step from being left; nothing when it is complete. */
export function problemsOf(draft: SystemDraft, step: number): Record<string, string> {
  const problems: Record<string, string> = {};
  if (step === 0 && draft.product === '') problems['product'] = 'Choose the product.';
  if (step === 1) {
    if (draft.version === '') problems['version'] = 'Choose the version.';
    else if (draft.methods.length === 0) problems['methods'] = 'Choose at least one method.';
  }
  if (step === 2) {
    if (draft.environmentId === '') problems['environment_id'] = 'Choose the environment.';
    if (draft.name.trim() === '') problems['name'] = 'Give the system a name.';
    const key = checkKey(draft.key);
    if (key !== null) problems['key'] = key;
  }
  return problems;
}
