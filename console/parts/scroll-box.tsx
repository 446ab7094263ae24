import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from 'react';

/** A part that scrolls by itself; the keyboard reaches it, so that everybody can read to its end. */
export function ScrollBox({
  ref,
  ...props
}: {
  label: string;
  className?: string | undefined;
  maxHeight?: number;
  children: ReactNode;
  ref?: Ref<HTMLDivElement>;
  onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void;
  onClick?: (event: MouseEvent<HTMLDivElement>) => void;
}): ReactNode {
  return (
    // What scrolls must be focusable (WCAG 2.1.1), whatever its role.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={ref}
      className={props.className}
      style={props.maxHeight === undefined ? undefined : { maxHeight: props.maxHeight, overflow: 'auto' }}
      role="group"
      aria-label={props.label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={props.onKeyDown}
      onClick={props.onClick}
    >
      {props.children}
    </div>
  );
}
