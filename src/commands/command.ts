/** One command of the command line. */
export interface Command {
  /** `apply FILE` */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` says after the usage: flags, variables, examples. */
  readonly help: string;
  /** Runs; answers the exit code. Throws UsageError for what was typed wrongly. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** To standard output: what the command is for. */
  readonly print: (text: string) => void;
  /** To standard error: everything else. */
  readonly say: (text: string) => void;
  readonly version: string;
}

/** The flags that every command has, for its help. */
export const COMMON_HELP = `  --data DIR   data directory (PRACTICE_STUDIO_DATA; default ./data)
  --help       this text
Environment: DATABASE_URL works on a PostgreSQL server of yours instead of the bundled one.`;
