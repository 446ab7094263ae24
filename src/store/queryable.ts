/** What a statement answers with. */
export interface QueryOutcome<Row> {
  readonly rows: Row[];
  /** Rows returned, inserted, changed or deleted; null where the command has no such count. */
  readonly rowCount: number | null;
}

/** Something that runs one SQL statement: a pool, a client, or a client inside a transaction. */
export interface Queryable {
  query<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<QueryOutcome<Row>>;
}

/** A database that can also run several statements as one transaction. */
export interface Database extends Queryable {
  /** Commits when the work resolves; rolls back and rejects with its error when it rejects. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
}
