/** Of the tab alone, until it is closed. */
const KEY = 'wardlight.place'

/** Looking for it may throw already, where a browser keeps nothing. */
type Keeper = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** What stands behind the `#` does not survive the way to the hospital's own sign-in and back: it is kept until then. */
export function keepPlace(keeper: Keeper, hash: string): void {
  // Without it people land on the rooms.
  try {
    if (hash === '') keeper().removeItem(KEY)
    else keeper().setItem(KEY, hash)
  } catch {
    return
  }
}

/** Where somebody wanted to be before, once; `null`: nowhere, or the address says another place. */
export function placeKept(keeper: Keeper, hash: string): string | null {
  try {
    const kept = keeper().getItem(KEY)
    keeper().removeItem(KEY)
    return hash === '' ? kept : null
  } catch {
    return null
  }
}
