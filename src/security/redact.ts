/** What stands where a secret or content was. */
export const REDACTED = '[redacted]';

/** Names of fields whose values never go into a log, whatever they are; compared without case, `-` and `_`. */
const SECRET_NAME =
  /^(authorization|proxyauthorization|cookie|setcookie|apikey|xapikey|pwd|pass|jwt|csrf|xcsrftoken|assertion|clientassertion|code|codeverifier|refreshtoken|accesstoken|idtoken|masterkey|keymaterial|databaseurl|connectionstring)$|password|passwd|passphrase|secret|credential|privatekey|token$/;

/** Names of fields that hold patient data or message contents. */
const CONTENT_NAME = /^(raw|content|body|payload|demographics|patient|bytes|hl7|message_?text|parameters|values)$/i;
/** Fields of the database's errors that may quote values of the row. */
const QUOTING_NAME = /^(detail|where|internalQuery|query)$/;

/** Secrets and contents inside texts. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // HL7 v2 in a text: everything from the header on.
  [/\b(?:MSH|FHS|BHS)[|^~&#][^]*$/, '[message content]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\bpsi_[\w-]{20,}/g, REDACTED],
  // JSON Web Tokens (RFC 7519): three base64url parts, the first an object.
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\b(Bearer|Basic|Negotiate|Digest)\s+[\w\-.~+/=]{6,}/gi, `$1 ${REDACTED}`],
  // user:password@ in a URL
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi, `$1${REDACTED}@`],
  [
    /\b([\w-]*(?:password|passwd|pwd|secret|token|api_?key|assertion|code_verifier))(["']?\s*[=:]\s*["']?)[^\s&"',;]+/gi,
    `$1$2${REDACTED}`,
  ],
  // An authorization code on its way back (RFC 6749, 4.1.2).
  [/([?&]code=)[^&\s"']+/g, `$1${REDACTED}`],
  // US social security numbers
  [/\b\d{3}-\d{2}-\d{4}\b/g, REDACTED],
];

const DEPTH_LIMIT = 8;
const LIST_LIMIT = 100;
const TEXT_LIMIT = 8_192;

/** Takes secrets and contents out of a text. */
export function redactText(text: string): string {
  let out = text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}… (${text.length} characters)` : text;
  for (const [pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement);
  return out;
}

/**
 * A copy of a value that may go into a log: secrets by the name of their field or by how they look are taken out, bytes
 * are told by their length, and depth, lists and texts are cut, so that no object can make a log line without end. Fits
 * as `formatters.log` of pino, and as a serializer of errors.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (above.has(value)) return '[circular]';
  if (depth >= DEPTH_LIMIT) return '[deep]';
  above.add(value);
  try {
    return copyObject(value, depth, above);
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...(value as Iterable<unknown>)];
    const shown = items.slice(0, LIST_LIMIT).map((item) => copy(item, depth + 1, above));
    return items.length > LIST_LIMIT ? [...shown, `… ${items.length - LIST_LIMIT} more`] : shown;
  }
  const out: Record<string, unknown> = {};
  if (value instanceof Error) {
    out['type'] = value.name;
    out['message'] = redactText(value.message);
    if (value.stack !== undefined) out['stack'] = redactText(value.stack);
    if (value.cause !== undefined) out['cause'] = copy(value.cause, depth + 1, above);
  }
  const entries = value instanceof Map ? [...value].map(([key, item]) => [String(key), item] as const) : fields(value);
  for (const [name, item] of entries.slice(0, LIST_LIMIT)) {
    const quotes = value instanceof Error && QUOTING_NAME.test(name) && item !== undefined;
    out[name] = quotes ? '[content]' : copyField(name, item, depth, above);
  }
  return out;
}

function copyField(name: string, item: unknown, depth: number, above: Set<object>): unknown {
  if (item === undefined || item === null || typeof item === 'boolean') return item;
  if (SECRET_NAME.test(name.toLowerCase().replaceAll(/[-_]/g, ''))) {
    return name === 'code' && isErrorCode(item) ? item : REDACTED;
  }
  if (CONTENT_NAME.test(name)) return typeof item === 'number' ? item : '[content]';
  return copy(item, depth + 1, above);
}

/** An error's code is no authorization code: `login_failed`, `ECONNREFUSED`, `23505`, 401. */
function isErrorCode(item: unknown): boolean {
  return typeof item === 'number' || (typeof item === 'string' && /^([a-z]+(_[a-z0-9]+)*|[A-Z0-9_]{1,30})$/.test(item));
}

/** Own fields, read carefully: a getter that throws must not take the log line along. */
function fields(value: object): (readonly [string, unknown])[] {
  return Object.keys(value).map((name) => {
    try {
      return [name, (value as Record<string, unknown>)[name]] as const;
    } catch {
      return [name, '[unreadable]'] as const;
    }
  });
}
