/**
 * Takes over the settings whenever they changed, one reading at a time: of two at once the older state could be applied
 * last, and a listener that was just added be closed again. A change that is told during a reading is read afterwards.
 */
export class SettingsFollower {
  readonly #takeOver: () => Promise<void>;
  readonly #onFailed: () => void;
  #wanted = false;
  #reading: Promise<void> | undefined;

  constructor(takeOver: () => Promise<void>, onFailed: () => void) {
    this.#takeOver = takeOver;
    this.#onFailed = onFailed;
  }

  /** Whether settings could not be read, so that somebody has to call `follow` again. */
  get missed(): boolean {
    return this.#wanted && this.#reading === undefined;
  }

  /** Settles when what has been told so far is taken over, or could not be. */
  follow(): Promise<void> {
    this.#wanted = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await this.#takeOver();
      } catch {
        this.#wanted = true;
        this.#onFailed();
        return;
      }
    }
  }
}
