import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconMail, IconPlus, IconSearch, IconUser, type Icon } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Permission } from '../../src/domain/permissions.ts';
import { useRead } from '../api/use-api.ts';
import { useSession } from '../api/use-session.ts';
import { mayIn } from '../api/session.ts';
import { formatInstant } from '../parts/format.ts';
import { useEnvironment } from './environment.tsx';
import classes from './frame.module.css';
import { matchesWords } from './matches-words.ts';
import { PLACES } from './places.ts';

const [store, actions] = createSpotlight();

export function SearchButton(): ReactNode {
  return (
    <button type="button" className={classes['search']} onClick={actions.open}>
      <IconSearch size={14} aria-hidden />
      <span>Search pages, patients, control ids</span>
      <kbd>Ctrl K</kbd>
    </button>
  );
}

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: Icon;
  readonly go: () => void;
}

const ACTIONS: readonly { label: string; to: string; permission: Permission; words: string }[] = [
  {
    label: 'Add new system',
    to: '/settings/integrations/systems/new',
    permission: 'systems.write',
    words: 'pms connect',
  },
  {
    label: 'Add HL7 listener',
    to: '/settings/integrations/hl7?listener=new',
    permission: 'listeners.write',
    words: 'mllp port',
  },
  {
    label: 'Add new environment',
    to: '/settings/integrations/environments/new',
    permission: 'environments.write',
    words: 'production test',
  },
  { label: 'Invite a user', to: '/settings/users?dialog=invite', permission: 'users.manage', words: 'account' },
  {
    label: 'Create an API token',
    to: '/settings/users?tab=tokens&dialog=token',
    permission: 'tokens.manage',
    words: 'key',
  },
];

/** Ctrl/Cmd-K: pages and actions at once; patients and messages as the program finds them. Nothing typed gets into the URL. */
export function SearchEverywhere(): ReactNode {
  const [query, setQuery] = useState('');
  const session = useSession();
  const navigate = useNavigate();
  const { filter } = useEnvironment();
  const [asked] = useDebouncedValue(query.trim(), 250);
  const searchable = asked.length >= 2;
  const patients = useRead(
    'searchPatients',
    { body: { ...filter, text: asked, limit: 6 } },
    { enabled: searchable && mayIn(session, 'patients.read') },
  );
  const messages = useRead(
    'searchMessages',
    { body: { ...filter, control_id: asked, limit: 6 } },
    { enabled: searchable && !asked.includes(' ') && mayIn(session, 'messages.read') },
  );

  const typed = query.trim();
  const go = (to: string): void => void navigate({ to } as never);
  const pages: Entry[] = PLACES.flatMap((group) => group.places)
    .filter((place) => mayIn(session, place.permission))
    .filter((place) => typed === '' || matchesWords(typed, `${place.label} ${place.path} ${place.words}`))
    .map((place) => ({
      id: `page ${place.to}`,
      label: place.label,
      description: place.path,
      icon: place.icon,
      go: () => go(place.to),
    }));
  const doing: Entry[] = ACTIONS.filter((action) => mayIn(session, action.permission))
    .filter((action) => typed === '' || matchesWords(typed, `${action.label} ${action.words}`))
    .map((action) => ({
      id: `action ${action.label}`,
      label: action.label,
      description: 'Action',
      icon: IconPlus,
      go: () => void navigate({ href: action.to } as never),
    }));
  const people: Entry[] = (searchable ? (patients.data?.items ?? []) : []).map((patient) => ({
    id: `patient ${patient.id}`,
    label: patient.name,
    description: [patient.date_of_birth, ...patient.identifiers.map((each) => `${each.type} ${each.value}`)]
      .filter((part) => part !== null)
      .join(' · '),
    icon: IconUser,
    go: () => go(`/patients/${patient.id}`),
  }));
  const found: Entry[] = (searchable && !asked.includes(' ') ? (messages.data?.items ?? []) : []).map((message) => ({
    id: `message ${message.id}`,
    label: `${message.type} ${message.control_id}`,
    description: `${message.system_name} · ${formatInstant(message.received_at)} · ${message.state}`,
    icon: IconMail,
    go: () => go(`/settings/integrations/diagnostics/tracer/${message.id}`),
  }));

  const groups = [
    { label: 'Patients', entries: people },
    { label: 'Messages with this control id', entries: found },
    { label: 'Pages', entries: pages },
    { label: 'Actions', entries: doing },
  ].filter((group) => group.entries.length > 0);
  const looking = typed !== asked || patients.isFetching || messages.isFetching;
  const failed = patients.error ?? messages.error;

  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      scrollable
      maxHeight={460}
      clearQueryOnClose
      // Read out, not shown: the field says it.
      title="Search everywhere"
      classNames={{ header: 'visually-hidden' }}
    >
      <Spotlight.Search
        placeholder="A page, an action, a patient’s name or MRN, a control id"
        aria-label="Search everywhere"
        leftSection={<IconSearch size={16} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.label} label={group.label}>
            {group.entries.map((entry) => (
              <Spotlight.Action
                key={entry.id}
                label={entry.label}
                description={entry.description}
                leftSection={<entry.icon size={17} stroke={1.6} aria-hidden />}
                onClick={entry.go}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 ? (
          <Spotlight.Empty>{looking ? 'Looking…' : 'Nothing found in the chosen environment.'}</Spotlight.Empty>
        ) : null}
        {failed === null ? null : (
          <Spotlight.Empty>{`Patients and messages could not be searched: ${failed.message} (${failed.code}).`}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
