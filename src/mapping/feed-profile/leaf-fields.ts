import type { FeedProfile, FieldProfile } from './feed-profile.ts';

/** A field or component that holds values of its own, seen from the messages of certain types. */
export interface LeafField {
  readonly segment: string;
  /** The field's number. */
  readonly field: number;
  /** `PV1-20`, or `ZFS-2.1` where the field is composite. */
  readonly path: string;
  readonly profile: FieldProfile;
  /** Messages of the types in question in which it is filled, and their share of all of these. */
  readonly messages: number;
  readonly rate: number;
}

/** Every field and component that messages of these types fill. */
export function leafFields(profile: FeedProfile, types: readonly string[]): LeafField[] {
  const total = profile.types.filter(({ value }) => types.includes(value)).reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  return profile.segments.flatMap(({ segment, fields }) =>
    fields.flatMap((field) => {
      const leaves = field.components.length === 0 ? [field] : field.components;
      return leaves.flatMap((each): LeafField[] => {
        const messages = messagesOf(each, types);
        if (messages === 0) return [];
        const number = Number(/-(\d+)/.exec(field.path)?.[1] ?? 0);
        return [{ segment, field: number, path: each.path, profile: each, messages, rate: messages / total }];
      });
    }),
  );
}

/** Messages of these types in which a field is filled. */
export function messagesOf(field: FieldProfile, types: readonly string[]): number {
  return field.types.filter(({ type }) => types.includes(type)).reduce((sum, { messages }) => sum + messages, 0);
}
