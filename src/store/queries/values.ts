/** A bigint column as the driver hands it over: text by default, a bigint where a parser is set. */
export type Int8 = string | bigint;

/** Text for the API and for array parameters. */
export const int8Text = (value: Int8): string => String(value);

/** Null stays null. */
export const maybeInt8Text = (value: Int8 | null): string | null => (value === null ? null : String(value));
