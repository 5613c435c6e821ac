/**
 * Words that claim more than a dose: "sporicidal" and its like, which only a site validation unlocks (`claimFor`),
 * and "sterile", which nothing does. In the languages of the console.
 */
const CLAIMED = /sporicid\w*|sporizid\w*|杀孢子/iu
const NEVER = /steril\w*|无菌|灭菌/iu

/** The first word of a text that claims an effect on a room; `null` when it claims none. */
export function claimingWord(text: string): string | null {
  return NEVER.exec(text)?.[0] ?? CLAIMED.exec(text)?.[0] ?? null
}

/** As `claimingWord`, for texts about products for hands, whose labels say "sporicidal" by right. */
export function impossibleWord(text: string): string | null {
  return NEVER.exec(text)?.[0] ?? null
}
