import { expiryOf, expiryText } from '../domain/expiry.ts';
import { usesOf } from '../records/credentials/credential-uses.ts';
import type { SettingsState } from '../records/settings/settings.ts';
import type { EngineLog } from './engine-log.ts';

/** Tells the log of certificates that come to their end: each once a day, louder the nearer it is. */
export class ExpiryWatch {
  readonly #log: EngineLog;
  #told = new Set<string>();
  #day = '';

  constructor(log: EngineLog) {
    this.#log = log;
  }

  check(settings: SettingsState, now: Date): void {
    const day = now.toISOString().slice(0, 10);
    if (day !== this.#day) this.#told = new Set();
    this.#day = day;
    for (const credential of settings.credentials) {
      const { active } = credential;
      if (active === null || this.#told.has(`${active.id}`)) continue;
      const expiry = expiryOf(active.notAfter, now.getTime());
      if (expiry.state === 'fine') continue;
      this.#told.add(`${active.id}`);
      const uses = usesOf(credential, settings).map(({ key }) => key);
      const level = expiry.state === 'soon' || uses.length === 0 ? 'info' : expiry.state === 'near' ? 'warn' : 'error';
      this.#log[level](
        {
          certificate: credential.key,
          kind: credential.kind,
          not_after: active.notAfter.toISOString(),
          days_left: expiry.daysLeft,
          used_by: uses,
        },
        `A certificate of the vault ${expiryText(expiry)}.`,
      );
    }
  }
}
