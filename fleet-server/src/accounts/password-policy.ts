import { wardError } from '@wardlight/core/errors'

/** NIST SP 800-63B, 5.1.1.2 asks for 8 at least. Ours, proposed: what nurses choose themselves is to last. */
const MIN_LENGTH = 12
/** Proposed: fewer different characters than this is one key held down, or two in turn. */
const MIN_DIFFERENT = 5

/** What people begin long passwords with (NIST SP 800-63B, 5.1.1.2: dictionary words and those of the service). */
const COMMON: readonly string[] = [
  'abcdefghijkl',
  'administrator',
  'changeme',
  'disinfection',
  'football',
  'hospital',
  'iloveyou',
  'letmein',
  'password',
  'passwort',
  'princess',
  'qazwsxedc',
  'qwertyuiop',
  'qwertzuiop',
  'sunshine',
  'superman',
  'trustno1',
  'wardlight',
  'welcome',
]
/** Proposed: what is left beside a common word is what a guesser adds last. */
const MIN_BESIDE_COMMON = 6

/**
 * NIST SP 800-63B, 5.1.1.2: length, no rules of composition, nothing that guessers try first.
 *
 * @param person whose name must not be in it
 * @throws WARD_ERR_VALIDATION
 */
export function checkNewPassword(
  password: string,
  person: { readonly name: string; readonly displayName: string },
): void {
  const refuse = (what: string, remedy: string): never => {
    throw wardError('WARD_ERR_VALIDATION', { what, where: 'body/next', remedy })
  }
  const normal = password.normalize('NFC')
  const characters = Array.from(normal)
  if (characters.length < MIN_LENGTH) {
    refuse(
      `The new password has ${characters.length} characters`,
      `Take ${MIN_LENGTH} or more: three or four words in a row are easy to remember.`,
    )
  }
  const folded = normal.toLowerCase()
  const names = [person.name, ...person.displayName.split(/\s+/)].map((name) => name.toLowerCase())
  // Shorter ones are in many words.
  if (names.some((name) => name.length >= 4 && folded.includes(name))) {
    refuse('The new password contains your name', 'Take one that does not.')
  }
  const isCommon = COMMON.some(
    (word) => folded.includes(word) && folded.replaceAll(word, '').length < MIN_BESIDE_COMMON,
  )
  if (isCommon || isRun(folded) || new Set(characters).size < MIN_DIFFERENT) {
    refuse('The new password is one that guessers try first', 'Take words that do not belong together.')
  }
}

/** Whether it only counts up or down: `123456789012`, `abcdefghijkl`. */
function isRun(folded: string): boolean {
  const points = Array.from(folded, (character) => character.codePointAt(0)!)
  const steps = points.slice(1).map((point, index) => {
    const step = point - points[index]!
    // After nine comes zero.
    return step === -9 ? 1 : step === 9 ? -1 : step
  })
  return steps.every((step) => step === steps[0] && Math.abs(step) === 1)
}
