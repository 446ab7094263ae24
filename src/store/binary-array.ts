/**
 * One-dimensional PostgreSQL arrays in the binary wire format (array_recv): dimensions, null flag, element type,
 * then each element with its length. Parameters in this form are much cheaper for both sides than array literals
 * in text. `pg` sends a Buffer parameter as binary, so a cast in the statement (`$1::bigint[]`) is all it takes.
 */
const OID = { int2: 21, int4: 23, int8: 20, text: 25, bytea: 17, uuid: 2950 } as const;

function start(oid: number, count: number, bodyBytes: number, hasNull: boolean): Buffer {
  const buffer = Buffer.allocUnsafe(count === 0 ? 12 : 20 + bodyBytes);
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  if (count > 0) {
    buffer.writeInt32BE(count, 12);
    buffer.writeInt32BE(1, 16);
  }
  return buffer;
}

/** An `int8[]`; null elements become SQL nulls. */
export function int8Array(values: readonly (bigint | null)[]): Buffer {
  let nulls = 0;
  for (const value of values) if (value === null) nulls++;
  const buffer = start(OID.int8, values.length, values.length * 12 - nulls * 8, nulls > 0);
  let at = 20;
  for (const value of values) {
    if (value === null) {
      buffer.writeInt32BE(-1, at);
      at += 4;
    } else {
      buffer.writeInt32BE(8, at);
      buffer.writeBigInt64BE(value, at + 4);
      at += 12;
    }
  }
  return buffer;
}

/** An `int4[]`. */
export function int4Array(values: readonly number[]): Buffer {
  const buffer = start(OID.int4, values.length, values.length * 8, false);
  let at = 20;
  for (const value of values) {
    buffer.writeInt32BE(4, at);
    buffer.writeInt32BE(value, at + 4);
    at += 8;
  }
  return buffer;
}

/** An `int2[]`; null elements become SQL nulls. */
export function int2Array(values: readonly (number | null)[]): Buffer {
  let nulls = 0;
  for (const value of values) if (value === null) nulls++;
  const buffer = start(OID.int2, values.length, values.length * 6 - nulls * 2, nulls > 0);
  let at = 20;
  for (const value of values) {
    if (value === null) {
      buffer.writeInt32BE(-1, at);
      at += 4;
    } else {
      buffer.writeInt32BE(2, at);
      buffer.writeInt16BE(value, at + 4);
      at += 6;
    }
  }
  return buffer;
}

/** A `text[]`; null elements become SQL nulls. The texts must not hold NUL, which PostgreSQL refuses. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = 0;
  let hasNull = false;
  for (const value of values) {
    if (value === null) hasNull = true;
    bytes += 4 + (value === null ? 0 : Buffer.byteLength(value, 'utf8'));
  }
  const buffer = start(OID.text, values.length, bytes, hasNull);
  let at = 20;
  for (const value of values) {
    if (value === null) {
      buffer.writeInt32BE(-1, at);
      at += 4;
    } else {
      const length = buffer.write(value, at + 4, 'utf8');
      buffer.writeInt32BE(length, at);
      at += 4 + length;
    }
  }
  return buffer;
}

/** A `bytea[]`; null elements become SQL nulls. */
export function byteaArray(values: readonly (Buffer | null)[]): Buffer {
  return bytesArray(OID.bytea, values);
}

/** A `uuid[]` of 16-byte values. */
export function uuidArray(values: readonly Buffer[]): Buffer {
  return bytesArray(OID.uuid, values);
}

function bytesArray(oid: number, values: readonly (Buffer | null)[]): Buffer {
  let bytes = 0;
  let hasNull = false;
  for (const value of values) {
    if (value === null) hasNull = true;
    bytes += 4 + (value === null ? 0 : value.length);
  }
  const buffer = start(oid, values.length, bytes, hasNull);
  let at = 20;
  for (const value of values) {
    buffer.writeInt32BE(value === null ? -1 : value.length, at);
    at += 4;
    if (value !== null) {
      value.copy(buffer, at);
      at += value.length;
    }
  }
  return buffer;
}
