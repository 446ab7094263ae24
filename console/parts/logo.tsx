import type { ReactNode } from 'react';

/** The mark: a line that comes in and becomes the P of the hub. */
export function Logo(props: { size: number }): ReactNode {
  return (
    <svg width={props.size} height={props.size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="#14626d" />
      <path
        d="M9.5 25V7h8a6.25 6.25 0 0 1 0 12.5h-3"
        fill="none"
        stroke="#fff"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="17.5" cy="13.25" r="2.6" fill="#8fd3d0" />
      <path d="M4 13.25h10.5" stroke="#8fd3d0" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
