/** Looks again until there is an answer; for what happens in other processes. The test's own time-out is the limit. */
export async function until<Answer>(look: () => Promise<Answer | null>): Promise<Answer> {
  for (;;) {
    const answer = await look()
    if (answer !== null) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
