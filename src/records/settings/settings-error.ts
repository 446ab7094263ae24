/** Every refusal of a change of settings: its HTTP status, what happened, and what to do. */
export const SETTINGS_ERRORS = {
  environment_unknown: {
    status: 404,
    message: 'There is no such environment.',
    hint: 'Somebody may have removed it; reload the list.',
  },
  system_unknown: {
    status: 404,
    message: 'There is no such system.',
    hint: 'Somebody may have removed it; reload the list.',
  },
  listener_unknown: {
    status: 404,
    message: 'There is no such listener.',
    hint: 'Somebody may have removed it; reload the list.',
  },
  version_conflict: {
    status: 409,
    message: 'Somebody else changed this in the meantime.',
    hint: 'Reload it, look at what changed, and make your change again.',
  },
  key_taken: {
    status: 409,
    message: 'The key is in use already.',
    hint: 'Choose another key; keys tell settings apart in configuration files.',
  },
  port_taken: {
    status: 409,
    message: 'The port is in use already.',
    hint: 'Choose another port or address.',
  },
  plaintext_refused: {
    status: 422,
    message: 'A listener of a Production system may not run without TLS.',
    hint: 'Switch TLS on, or write down in plaintext_reason why it must do without, for example a VPN that encrypts.',
  },
  settings_invalid: {
    status: 422,
    message: 'Some settings are not valid.',
    hint: 'Correct the fields named in places.',
  },
  environment_in_use: {
    status: 409,
    message: 'The environment still has systems or credentials.',
    hint: 'Remove its systems or move them to another environment first, and remove its credentials.',
  },
  environment_kind_fixed: {
    status: 409,
    message: 'An environment that has systems keeps its kind, as what protects its patients goes by it.',
    hint: 'Add an environment of the other kind and set the systems up there.',
  },
  credential_unknown: {
    status: 404,
    message: 'There is no such credential.',
    hint: 'Somebody may have removed it; reload the list.',
  },
  credential_invalid: {
    status: 422,
    message: 'The certificate or key cannot be used.',
    hint: 'Correct what is named in places; certificates and keys are PEM, or a PKCS#12 file with its passphrase.',
  },
  credential_in_use: {
    status: 409,
    message: 'The credential is in use.',
    hint: 'Give those that use it another one first.',
  },
  credential_not_requested: {
    status: 409,
    message: 'No certificate was requested that this could be.',
    hint: 'Make a certificate request first, or rotate with certificate and key.',
  },
  system_has_messages: {
    status: 409,
    message: 'The system has received messages, which are kept.',
    hint: 'Disable it instead: its listeners stop and its messages stay.',
  },
  system_has_listeners: {
    status: 409,
    message: 'The system still has listeners.',
    hint: 'Remove its listeners first.',
  },
  system_environment_fixed: {
    status: 409,
    message: 'A system that has received messages stays in its environment, as its patients belong to it.',
    hint: 'Add a system in the other environment and point the sender to its listener.',
  },
  listener_system_fixed: {
    status: 409,
    message: 'A listener that has received messages stays with its system, as its patients belong to it.',
    hint: 'Remove the listener and add one to the other system; the messages stay.',
  },
  mapping_version_fixed: {
    status: 409,
    message: 'A stored version of a mapping never changes.',
    hint: 'Give the changed mapping the next version number.',
  },
  mapping_missing: {
    status: 500,
    message: 'The system has no field mapping.',
    hint: 'The mappings table was damaged or the product is unknown to this release: restart the program.',
  },
  configuration_unreadable: {
    status: 422,
    message: 'The configuration is not well-formed YAML or JSON.',
    hint: 'Correct the line named in places.',
  },
  configuration_invalid: {
    status: 422,
    message: 'The configuration has values that are not valid.',
    hint: 'Correct the lines named in places; docs/configuration-file.md lists what may be written.',
  },
  configuration_moved: {
    status: 409,
    message: 'The settings or the file are not what the diff was made from.',
    hint: 'Make the diff again, look at it, and apply with its digest.',
  },
} as const satisfies Record<string, { readonly status: number; readonly message: string; readonly hint: string }>;

export type SettingsErrorCode = keyof typeof SETTINGS_ERRORS;

export interface SettingsPlace {
  /** A field as the API names it, or `line 12, column 5 (listeners[0].port)`. */
  readonly place: string;
  readonly reason: string;
}

/** A refused change of settings, with a stable code from {@link SETTINGS_ERRORS}. */
export class SettingsError extends Error {
  readonly code: SettingsErrorCode;
  readonly status: number;
  readonly hint: string;
  readonly places: readonly SettingsPlace[];

  constructor(
    code: SettingsErrorCode,
    places: readonly SettingsPlace[] = [],
    options: { readonly cause?: unknown } = {},
  ) {
    const { status, message, hint } = SETTINGS_ERRORS[code];
    const told = places.map(({ place, reason }) => `${place}: ${reason}`).join(' ');
    super(told === '' ? message : `${message} ${told}`, options);
    this.name = 'SettingsError';
    this.code = code;
    this.status = status;
    this.hint = hint;
    this.places = places;
  }
}
