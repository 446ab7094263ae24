/** Types of identifiers (HL7 table 0203) as people abbreviate them; others stay as they were sent. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  MR: 'MRN',
  AN: 'Account',
  VN: 'Visit',
  SS: 'SSN',
  MA: 'Medicaid',
  MC: 'Medicare',
};

/** An identifier as people write it: `MRN 12345 (NEXTGEN)`. */
export function identifierText(identifier: { authority: string; type: string; value: string }): string {
  const type = identifier.type === '' ? '' : `${TYPE_WORDS[identifier.type] ?? identifier.type} `;
  return `${type}${identifier.value}${identifier.authority === '' ? '' : ` (${identifier.authority})`}`;
}

/** Groups in the order in which they first come, as the API sorts them. */
export function inGroups<T extends { readonly group: string }>(
  fields: readonly T[],
): readonly { readonly group: string; readonly fields: readonly T[] }[] {
  const groups = new Map<string, T[]>();
  for (const field of fields) {
    const group = groups.get(field.group);
    if (group === undefined) groups.set(field.group, [field]);
    else group.push(field);
  }
  return [...groups].map(([group, members]) => ({ group, fields: members }));
}
