/** What a field must hold; a list of texts: one of these. */
export type FieldType = 'integer' | 'number' | 'boolean' | 'string' | 'object' | 'array' | readonly string[];

/** Fields by name. */
export type Fields = Readonly<Record<string, FieldType>>;

/**
 * What is wrong with one field, in the provider's words; undefined: nothing, or it is not there. Its wording is
 * known for integers, required fields and unknown types; for the others it is formed after those.
 */
export function fieldFault(name: string, value: unknown, type: FieldType, where: string): string | undefined {
  if (value === undefined || holds(value, type)) return undefined;
  if (typeof type !== 'string') return `Property '${name}' is not valid in ${where}`;
  const article = /^[aeiou]/.test(type) ? 'an' : 'a';
  return `Property '${name}' is not ${article} ${type} in ${where}`;
}

export const missing = (name: string, where: string): string => `Property '${name}' is required in ${where}`;

function holds(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    default:
      return type.some((allowed) => allowed === value);
  }
}
