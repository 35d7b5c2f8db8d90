/** Type of a field; a list of texts means one of these. */
type FieldType = 'integer' | 'number' | 'boolean' | 'string' | 'object' | 'array' | readonly string[];

/** Types of fields by name. */
export type Fields = Readonly<Record<string, FieldType>>;

/**
 * Returns the provider's message about a field of the wrong type; undefined if the field is right, or not there. Its
 * wording is known for integers, required fields and unknown types; the others are formed after those.
 */
export function fieldFault(name: string, value: unknown, type: FieldType, path: string): string | undefined {
  if (value === undefined || holds(value, type) || isAuto(name, value)) return undefined;
  if (typeof type !== 'string') return `Property '${name}' is not valid in ${path}`;
  const article = /^[aeiou]/.test(type) ? 'an' : 'a';
  return `Property '${name}' is not ${article} ${type} in ${path}`;
}

/** True for a duration that the provider computes; older pages write it as a word. */
const isAuto = (name: string, value: unknown): boolean => name === 'duration' && value === 'auto';

export const missing = (name: string, path: string): string => `Property '${name}' is required in ${path}`;

/** Reads the value of a placeholder as its field's type: a variable resolves as raw text, so "0.1" is a number. */
export function coerced(value: unknown, type: FieldType | undefined): unknown {
  if (type === 'integer' || type === 'number') return numberIn(value);
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  const isText = type === 'string' || (type !== undefined && typeof type !== 'string');
  return isText && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

/** Reads a number that is written as a text; any other value stays. */
export function numberIn(value: unknown): unknown {
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return isNumber ? Number(value) : value;
}

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
