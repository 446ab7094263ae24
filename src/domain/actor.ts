/** Who does something: a signed-in person, an API token, or the program itself. */
export interface Actor {
  readonly kind: 'user' | 'token' | 'system';
  readonly id: bigint | null;
  readonly name: string;
}

/** The program itself. */
export const SYSTEM_ACTOR: Actor = Object.freeze({ kind: 'system', id: null, name: 'Practice Studio' });
