/** A label that wants a place on the screen; pixels, its anchor is its middle. */
export interface LabelWish {
  readonly id: string
  readonly x: number
  readonly y: number
  /** Higher goes first. */
  readonly priority: number
  /** With its words. */
  readonly fullWidth: number
  readonly fullHeight: number
  /** As an icon alone; 0 when it has none. */
  readonly smallSize: number
  /** Room for it in the picture: wider than this it would hide its neighbours. */
  readonly room: number
  /** Chosen or pointed at: shown in full whatever its room. */
  readonly isForced: boolean
}

export type LabelForm = 'full' | 'small'

/** Thins labels out: nobody overlaps; who has no room for words shows its icon, or nothing. */
export function placeLabels(
  wishes: readonly LabelWish[],
  view: { readonly width: number; readonly height: number },
): Map<string, LabelForm> {
  const taken: { left: number; right: number; top: number; bottom: number }[] = []
  const placed = new Map<string, LabelForm>()

  function claim(wish: LabelWish, width: number, height: number): boolean {
    const box = {
      left: wish.x - width / 2,
      right: wish.x + width / 2,
      top: wish.y - height / 2,
      bottom: wish.y + height / 2,
    }
    const isFree = taken.every(
      (other) =>
        box.right <= other.left ||
        other.right <= box.left ||
        box.bottom <= other.top ||
        other.bottom <= box.top,
    )
    if (isFree) taken.push(box)
    return isFree
  }

  const order = wishes.toSorted(
    (a, b) => Number(b.isForced) - Number(a.isForced) || b.priority - a.priority || (a.id < b.id ? -1 : 1),
  )
  for (const wish of order) {
    if (wish.x < 0 || wish.y < 0 || wish.x > view.width || wish.y > view.height) continue
    const mayBeFull = wish.isForced || wish.room >= wish.fullWidth
    if (mayBeFull && claim(wish, wish.fullWidth, wish.fullHeight)) placed.set(wish.id, 'full')
    else if (wish.smallSize > 0 && claim(wish, wish.smallSize, wish.smallSize)) placed.set(wish.id, 'small')
  }
  return placed
}
