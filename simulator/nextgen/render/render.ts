import type { Happening } from '../model/happening.ts';
import { adtSegments } from './adt.ts';
import { messageBytes, type RenderContext } from './context.ts';
import { dftSegments } from './dft.ts';
import { mdmSegments } from './mdm.ts';
import { orderSegments } from './orders.ts';
import { oruSegments } from './oru.ts';
import { siuSegments } from './siu.ts';
import { vxuSegments } from './vxu.ts';
import { zSegments } from './z-segments.ts';

/** The message that NextGen sends about something that happened. */
export function renderHappening(context: RenderContext, happening: Happening): Buffer {
  return messageBytes(context, segmentsOf(context, happening));
}

function segmentsOf(context: RenderContext, happening: Happening): string[] {
  if (happening.kind === 'adt') return adtSegments(context, happening);
  if (happening.kind === 'siu') return [...siuSegments(context, happening), ...zSegments(context, happening.patient)];
  if (happening.kind === 'order') return orderSegments(context, happening);
  if (happening.kind === 'oru') return oruSegments(context, happening);
  if (happening.kind === 'mdm') return mdmSegments(context, happening);
  return happening.kind === 'dft' ? dftSegments(context, happening) : vxuSegments(context, happening);
}
