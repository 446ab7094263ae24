import { useEffect, useRef, type RefObject } from 'react';

/** `/` puts the caret into the page's filter, unless something is being typed already. */
export function useFilterKey<T extends HTMLElement>(): RefObject<T | null> {
  const target = useRef<T>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target as HTMLElement | null;
      if (at?.closest('input, textarea, select, [contenteditable], [role="dialog"]') != null) return;
      event.preventDefault();
      target.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return target;
}
