import type { MessageItemView } from './message-item.ts';

/** Who looks at messages. */
export interface Viewer {
  /** Whether he may know which patient a message is about. */
  readonly seesPatients: boolean;
}

/**
 * A line of a list as somebody may see it: to whom patients are none of their business, two messages about one person
 * must not be told from two about different ones.
 */
export function itemFor(viewer: Viewer, item: MessageItemView): MessageItemView {
  return viewer.seesPatients ? item : { ...item, patient_id: null, patient_name: null };
}
