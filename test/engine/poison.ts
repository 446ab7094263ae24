import type { Bed } from './bed.ts';

/**
 * Makes the database refuse the results of messages whose control id begins with POISON: each of them as often as told
 * (a sequence counts, which no rollback takes back), by an error of this code.
 */
export async function poison(
  bed: Bed,
  options: { readonly times?: number; readonly code?: string } = {},
): Promise<void> {
  const { times = 1_000_000, code = '22003' } = options;
  await bed.rows(`create sequence if not exists refusals`);
  await bed.rows(
    `create or replace function refuse_poison() returns trigger language plpgsql as $$
     begin
       if exists (select from messages m where m.id = new.message_id and m.control_id like 'POISON%') and new.state <> 3
         and nextval('refusals') <= ${times} then
         raise exception using errcode = '${code}', message = 'poison';
       end if;
       return new;
     end $$`,
  );
  await bed.rows(`drop trigger if exists poison on transactions`);
  await bed.rows(`create trigger poison before insert on transactions for each row execute function refuse_poison()`);
}
