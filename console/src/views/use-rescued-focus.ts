import { useEffect, useRef, type RefObject } from 'react'

/**
 * What a person works on is often replaced by its next step, and the focus falls off the page with it.
 * An element with this ref, and `tabIndex={-1}`, catches the focus when it appears at such a moment.
 */
export function useRescuedFocus<Target extends HTMLElement>(): RefObject<Target | null> {
  const target = useRef<Target>(null)
  useEffect(() => {
    const { activeElement, body } = document
    if (activeElement === null || activeElement === body) target.current?.focus({ preventScroll: true })
  }, [])
  return target
}
