/** Why `fetch` got no answer, in words: it hides the reason behind "fetch failed". */
export function whyNoAnswer(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message : message
}
