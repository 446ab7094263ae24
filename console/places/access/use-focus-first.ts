import { useEffect, useRef, type RefObject } from 'react';

/** Puts the caret into the first field of a page that is nothing but a form. */
export function useFocusFirst(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
