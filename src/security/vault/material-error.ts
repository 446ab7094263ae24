/** Material that cannot be used: which part of it, and why. Quotes nothing of it. */
export class MaterialError extends Error {
  /** A field of the request. */
  readonly place: 'certificates' | 'private_key' | 'passphrase' | 'file' | 'names' | 'common_name';
  readonly reason: string;

  constructor(place: MaterialError['place'], reason: string) {
    super(reason);
    this.name = 'MaterialError';
    this.place = place;
    this.reason = reason;
  }
}
