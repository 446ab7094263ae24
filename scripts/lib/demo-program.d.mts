export function startDemo(): Promise<{
  readonly url: string;
  /** The one-time link for the administrator. */
  readonly link: string;
  readonly stop: () => Promise<void>;
}>;
