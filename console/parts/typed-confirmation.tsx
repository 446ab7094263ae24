import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useEnvironment } from '../frame/environment.tsx';

/**
 * What acts in Production asks for its name, typed: nobody does it by a slip of the hand. Answers the field to show,
 * nothing elsewhere, and whether it is filled as it has to be.
 */
export function useTypedConfirmation(environmentId: string | undefined): {
  readonly confirmed: boolean;
  readonly field: ReactNode;
} {
  const { byId } = useEnvironment();
  const environment = environmentId === undefined ? undefined : byId(environmentId);
  const [typed, setTyped] = useState('');
  if (environment?.kind !== 'production') return { confirmed: true, field: null };
  return {
    confirmed: typed.trim() === environment.name,
    field: (
      <TextInput
        label={`This acts in Production. Type “${environment.name}” to confirm`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
      />
    ),
  };
}
