import type { z } from 'zod';
import type { Problem } from '../../src/contract/common.ts';
import type { RouteSpec } from '../../src/contract/route.ts';
import type { RouteName, routes } from '../../src/contract/routes.ts';
import { ApiError } from './api-error.ts';

export type Routes = typeof routes;
/** Method and path of every route; the rest of the contract is types. */
export type RouteTable = Readonly<Record<RouteName, readonly [method: string, path: string]>>;

type Parts<N extends RouteName> =
  Routes[N] extends RouteSpec<infer P, infer Q, infer B, infer _R>
    ? { params: z.input<P>; query: z.input<Q>; body: z.input<B> extends AsyncIterable<Uint8Array> ? Blob : z.input<B> }
    : never;
type Part<K extends string, T> = [T] extends [undefined]
  ? unknown
  : object extends T
    ? { readonly [k in K]?: T }
    : { readonly [k in K]: T };

/** What a call of a route takes: `params`, `query` and `body`, each only where the route has it. */
export type Args<N extends RouteName> = Part<'params', Parts<N>['params']> &
  Part<'query', Parts<N>['query']> &
  Part<'body', Parts<N>['body']>;
/** What a call of a route answers with. */
export type Answer<N extends RouteName> = z.output<Routes[N]['response']>;

export interface ClientDeps {
  readonly table: RouteTable;
  readonly fetch: typeof globalThis.fetch;
  /** The token of the session, or an empty string before sign-in. */
  readonly csrfToken: () => string;
  /** Whether nobody sits before the page: what it asks for is then marked as its own doing. */
  readonly isQuiet: () => boolean;
  /** Called when the API says that nobody is signed in. */
  readonly onSignedOut: () => void;
}
export type Call = <N extends RouteName>(name: N, args: Args<N>, signal?: AbortSignal) => Promise<Answer<N>>;

interface LooseArgs {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** Builds the address of a call: fills `:name` parts and appends the query without what is undefined. */
export function addressOf(path: string, args: LooseArgs): string {
  const filled = path.replaceAll(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(args.params?.[name])));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(args.query ?? {})) {
    if (value !== undefined) query.set(key, String(value));
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** Makes the typed client of the API. Every failure is an `ApiError`: refused, unreachable, or not understood. */
export function createClient(deps: ClientDeps): Call {
  return async (name, args, signal) => {
    const [method, path] = deps.table[name];
    const loose = args as LooseArgs;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (method !== 'GET') headers['x-csrf-token'] = deps.csrfToken();
    if (deps.isQuiet()) headers['x-background'] = '1';
    const isFile = loose.body instanceof Blob;
    if (loose.body !== undefined) headers['content-type'] = isFile ? 'application/hl7-v2' : 'application/json';
    let response: Response;
    try {
      response = await deps.fetch(addressOf(path, loose), {
        method,
        headers,
        credentials: 'same-origin',
        ...(loose.body === undefined ? {} : { body: isFile ? loose.body : JSON.stringify(loose.body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted === true) throw cause;
      throw ApiError.unreachable(cause);
    }
    if (!response.ok) {
      const error = await readProblem(response);
      if (error.status === 401 && name !== 'signIn' && name !== 'setup') deps.onSignedOut();
      throw error;
    }
    try {
      return await response.json();
    } catch (cause) {
      throw ApiError.unreadable(response.status, cause);
    }
  };
}

async function readProblem(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as Partial<Problem>;
    if (typeof body.code === 'string' && typeof body.title === 'string') {
      return new ApiError({ ...(body as Problem), status: response.status });
    }
  } catch {
    // Not a problem document: told below by its status.
  }
  return ApiError.unreadable(response.status, undefined);
}
