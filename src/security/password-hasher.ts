import { hash, parseOptions, verify, type Options } from '@node-rs/argon2';
import { normalizePassword } from './password-policy.ts';
import { SecurityError } from './security-error.ts';

/** Argon2id with 19 MiB, two passes, one lane: the first choice of the OWASP Password Storage Cheat Sheet. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;

export interface PasswordHasher {
  /** The hash to store (PHC string). Throws `login_busy`. */
  hash(password: string): Promise<string>;
  /** Whether the password fits; without a hash it takes the same time and answers no. Throws `login_busy`. */
  verify(stored: string | null, password: string): Promise<boolean>;
  /** Whether a stored hash was made with other parameters than today's. */
  isOutdated(stored: string): boolean;
}

/**
 * Hashes a few passwords at a time: each takes 19 MiB and a core for some tens of ms, so a crowd of log-ins must wait in
 * line, and beyond the line is turned away, or it would take the machine from the listeners.
 */
export function createPasswordHasher(
  options: { readonly concurrency?: number; readonly queue?: number; readonly parameters?: Options } = {},
): PasswordHasher {
  const parameters = options.parameters ?? PARAMETERS;
  const concurrency = options.concurrency ?? 2;
  const queue = options.queue ?? 32;
  let running = 0;
  const waiting: (() => void)[] = [];
  let nobody: Promise<string> | undefined;

  async function inLine<T>(work: () => Promise<T>): Promise<T> {
    if (running >= concurrency) {
      if (waiting.length >= queue) throw new SecurityError('login_busy', { retryAfterSeconds: 5 });
      // Whoever finishes hands the place on, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return {
    hash: (password) => inLine(() => hash(normalizePassword(password), parameters)),
    async verify(stored, password) {
      if (stored !== null) return inLine(() => verify(stored, normalizePassword(password)));
      nobody ??= inLine(() => hash('nobody has this password', parameters)).catch((error: unknown) => {
        nobody = undefined;
        throw error;
      });
      const dummy = await nobody;
      await inLine(() => verify(dummy, normalizePassword(password)));
      return false;
    },
    isOutdated(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return (
        memoryCost !== parameters.memoryCost ||
        timeCost !== parameters.timeCost ||
        parallelism !== parameters.parallelism
      );
    },
  };
}
