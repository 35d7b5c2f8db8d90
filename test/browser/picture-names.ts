/** What `npm run screenshots` makes in docs/screenshots, and nothing else lies there. */
export const PICTURES = [
  'list',
  'waiting',
  'rendering',
  'attempts',
  'unknown',
  'held',
  'timeline',
  'failed',
  'done',
  'console-renders',
  'console-render',
  'console-held',
  'console-try',
  'console-credits',
] as const;
