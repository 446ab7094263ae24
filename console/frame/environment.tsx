import { useNavigate, useSearch } from '@tanstack/react-router';
import { createContext, use, useEffect, useMemo, type ReactNode } from 'react';
import type { Environment } from '../../src/contract/environments.ts';
import { useRead } from '../api/use-api.ts';
import { useMay } from '../api/use-session.ts';

/** Which environment the pages show. It is in the URL (`env`), so that a link opens in the one it was sent from. */
interface EnvironmentChoice {
  readonly all: readonly Environment[];
  /** Undefined = all environments. */
  readonly current: Environment | undefined;
  /** What lists ask the API for: `{ environment }` or nothing. */
  readonly filter: { readonly environment?: string };
  readonly byId: (id: string) => Environment | undefined;
  /** What the URL says; it may still be about to follow. */
  readonly asked: string | undefined;
  readonly choose: (key: string | undefined) => void;
  readonly ready: boolean;
}

const ALL = 'all';
const REMEMBERED = 'practice-studio-environment';
const Context = createContext<EnvironmentChoice | undefined>(undefined);

export function useEnvironment(): EnvironmentChoice {
  const choice = use(Context);
  if (choice === undefined) throw new Error('Pages are shown inside the frame.');
  return choice;
}

/** An environment by its name. */
export function EnvironmentName(props: { id: string; otherwise: string }): ReactNode {
  return useEnvironment().byId(props.id)?.name ?? props.otherwise;
}

/** On a page about one thing the environment in the URL follows the thing: nobody looks at it under another's colour. */
export function useFollowEnvironment(id: string | undefined): void {
  const { byId, asked, choose, ready } = useEnvironment();
  const key = id === undefined ? undefined : byId(id)?.key;
  useEffect(() => {
    if (ready && key !== undefined && asked !== key) choose(key);
  }, [ready, key, asked, choose]);
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

export function EnvironmentProvider(props: { children: ReactNode }): ReactNode {
  const may = useMay('environments.read');
  const { data, isPending } = useRead('listEnvironments', {}, { enabled: may, staleTime: 60_000 });
  const navigate = useNavigate();
  const asked = useSearch({ strict: false }).env;
  const all = useMemo(() => data?.items ?? [], [data]);
  const ready = !may || !isPending;

  const wanted = asked ?? remembered() ?? undefined;
  const current = useMemo(() => {
    const found = all.find((each) => each.key === wanted);
    if (found !== undefined || wanted === ALL) return found;
    const used = all.filter((each) => each.system_count > 0);
    return used.length === 1 ? used[0] : undefined;
  }, [all, wanted]);

  const effective = current?.key ?? ALL;
  useEffect(() => {
    if (!ready || !may || asked === effective) return;
    void navigate({
      to: '.',
      search: (old: object) => ({ ...old, env: effective }),
      hash: true,
      replace: true,
    } as never);
  }, [ready, may, asked, effective, navigate]);

  useEffect(() => {
    document.documentElement.dataset['environment'] = current?.kind ?? 'all';
  }, [current?.kind]);

  const value = useMemo<EnvironmentChoice>(
    () => ({
      all,
      current,
      filter: current === undefined ? {} : { environment: current.id },
      asked,
      byId: (id) => all.find((each) => each.id === id),
      choose: (key) => {
        try {
          localStorage.setItem(REMEMBERED, key ?? ALL);
        } catch {
          // Not remembered then; the URL still says it.
        }
        void navigate({ to: '.', search: (old: object) => ({ ...old, env: key ?? ALL }), replace: true } as never);
      },
      ready,
    }),
    [all, asked, current, navigate, ready],
  );
  return <Context value={value}>{props.children}</Context>;
}
