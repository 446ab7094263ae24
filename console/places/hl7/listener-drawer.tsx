import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Listener } from '../../../src/contract/listeners.ts';
import type { System } from '../../../src/contract/systems.ts';
import { useMay } from '../../api/use-session.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Loading } from '../../parts/page.tsx';
import { ListenerForm } from './listener-form.tsx';
import { ListenerStatusView } from './listener-status.tsx';

/** The details of one listener, or the form for a new one. */
export function ListenerDrawer(props: {
  asked: string | undefined;
  forSystem: string | undefined;
  listeners: readonly Listener[] | undefined;
  /** Undefined while they are being read. */
  systems: readonly System[] | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}): ReactNode {
  const mayWrite = useMay('listeners.write');
  const adding = props.asked === 'new';
  const listener = props.listeners?.find((each) => each.id === props.asked);
  return (
    <Drawer
      opened={props.asked !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title={adding ? 'Add HL7 listener' : (listener?.name ?? 'HL7 listener')}
    >
      {props.systems === undefined ? (
        // The form begins with what there is to choose from: begun earlier, it would have to be begun anew.
        <Loading label="Loading the systems" />
      ) : adding ? (
        <ListenerForm
          key={`new ${props.forSystem ?? ''}`}
          systems={props.systems}
          forSystem={props.forSystem}
          mayWrite={mayWrite}
          onCancel={props.onClose}
          onSaved={props.onSaved}
        />
      ) : listener === undefined ? (
        props.listeners === undefined ? (
          <Loading label="Loading the listener" />
        ) : (
          <EmptyState title="There is no such listener">It was removed, or belongs to another environment.</EmptyState>
        )
      ) : (
        <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 16 }}>
          <ListenerStatusView listener={listener} />
          <ListenerForm
            key={`${listener.id} ${listener.version}`}
            listener={listener}
            systems={props.systems}
            forSystem={undefined}
            mayWrite={mayWrite}
            onCancel={props.onClose}
            onSaved={props.onSaved}
          />
        </div>
      )}
    </Drawer>
  );
}
