import type { Problem } from '../../src/contract/common.ts';

/** A call of the API that did not work, with what the API said about it (RFC 9457). */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = 'ApiError';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }

  static unreachable(cause: unknown): ApiError {
    return new ApiError(
      {
        type: 'about:blank',
        title: 'The program does not answer',
        status: 0,
        code: 'console-unreachable',
        detail: 'The request did not reach Practice Studio Integrations, or its answer did not reach this page.',
        hint: 'Check that the program runs and that this computer reaches it. The page tries again by itself.',
      },
      { cause },
    );
  }

  static unreadable(status: number, cause: unknown): ApiError {
    return new ApiError(
      {
        type: 'about:blank',
        title: 'The answer could not be read',
        status,
        code: 'console-unreadable-answer',
        detail: `Something answered with status ${status}, but not in the form of this API.`,
        hint: 'A proxy between this page and the program may have answered instead of it. Reload the page; look into the proxy’s log if it stays.',
      },
      { cause },
    );
  }

  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    return new ApiError(
      {
        type: 'about:blank',
        title: 'This page ran into a fault',
        status: 0,
        code: 'console-fault',
        detail: error instanceof Error ? error.message : String(error),
        hint: 'Reload the page. If it happens again, report it with the code and what you did before.',
      },
      { cause: error },
    );
  }
}

/** The messages of a refused form by field path (`settings.retry.max_attempts`), as @mantine/form takes them. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    (error.problem.places ?? []).map(({ place, reason }) => [
      place.replace(/^body[./]/, '').replaceAll('/', '.'),
      reason,
    ]),
  );
}
