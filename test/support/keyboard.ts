import type { Page } from 'playwright-core'

/** More stops than any page has: past it, the wanted element cannot be reached by keyboard. */
const mostTabs = 250

/** Tabs on until the focus is on an element with this role and name, as a person without a mouse does. */
export async function tabTo(
  page: Page,
  role:
    | 'button'
    | 'textbox'
    | 'link'
    | 'checkbox'
    | 'option'
    | 'combobox'
    | 'searchbox'
    | 'spinbutton'
    | 'radio',
  name: string | RegExp,
): Promise<void> {
  const wanted = page.getByRole(role, { name })
  for (let count = 0; count < mostTabs; count += 1) {
    const isThere = await wanted.evaluateAll((elements) =>
      elements.some((element) => element === document.activeElement),
    )
    if (isThere) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The ${role} "${String(name)}" cannot be reached with the Tab key`)
}
