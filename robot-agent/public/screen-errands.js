/**
 * What the robot's screen shows of an errand, and what is answered on it: yes and no to a visit, its end, and who has
 * wiped the robot.
 *
 * @import { ScreenErrand } from '../src/screen/screen-errand.ts'
 * @import { ScreenPageMessage } from '../src/screen/screen-messages.ts'
 * @import { Trio } from './screen-words.js'
 */
import { ANSWERS, ERRAND, WIPE_ITEMS } from './screen-words.js'

/** How long an answer's outcome stays, milliseconds. */
const OUTCOME_MS = 4000

/** @type {(id: string) => HTMLElement} */
function element(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

/**
 * @param {object} page
 * @param {(message: ScreenPageMessage) => boolean} page.say whether it went out
 * @param {(parent: HTMLElement, words: Trio) => void} page.fillInline
 */
export function errandPanel({ say, fillInline }) {
  const panel = element('errand')
  const facts = element('errand-facts')
  const wipe = element('wipe')
  const items = element('wipe-items')
  const nameWords = element('wipe-name-words')
  const name = /** @type {HTMLInputElement} */ (element('wipe-name'))
  const outcome = element('errand-answer')
  const yes = /** @type {HTMLButtonElement} */ (element('answer-yes'))
  const no = /** @type {HTMLButtonElement} */ (element('answer-no'))
  /** What is shown. @type {ScreenErrand | null} */
  let errand = null
  let outcomeTimer = 0

  fillInline(nameWords, ANSWERS.name)
  yes.addEventListener('click', () => press(true))
  no.addEventListener('click', () => press(false))
  name.addEventListener('input', showWipe)
  items.addEventListener('change', showWipe)
  // "Enter" in the name is no confirmation: the large button is.
  wipe.addEventListener('submit', (event) => event.preventDefault())

  /** @param {boolean} isYes */
  function press(isYes) {
    if (errand === null) return
    const message = messageOf(errand, isYes)
    if (message !== null && !say(message)) tell(ANSWERS.unsent)
  }

  /** @param {ScreenErrand} shown @param {boolean} isYes @returns {ScreenPageMessage | null} */
  function messageOf({ ask, missionId }, isYes) {
    switch (ask) {
      case 'consent':
        return { type: 'consent', missionId, isConsent: isYes }
      case 'wiped':
        return { type: 'wiped', missionId, by: name.value.trim(), items: ticked() }
      case 'endVisit':
        return { type: 'endVisit', missionId }
      case null:
        return null
    }
  }

  function boxes() {
    return [...items.querySelectorAll('input')]
  }

  function ticked() {
    return boxes()
      .filter((box) => box.checked)
      .map((box) => box.value)
  }

  function showWipe() {
    const isComplete = name.value.trim() !== '' && boxes().every((box) => box.checked)
    yes.disabled = errand?.ask === 'wiped' && !isComplete
  }

  /** @param {Trio} words */
  function tell(words) {
    fillInline(outcome, words)
    clearTimeout(outcomeTimer)
    outcomeTimer = setTimeout(() => {
      outcome.replaceChildren()
      delete outcome.dataset['words']
    }, OUTCOME_MS)
  }

  /** @param {ScreenErrand} now */
  function showFacts({ kind, subject, reason, driver, chargePercent }) {
    /** @type {(readonly [Trio, string | null])[]} */
    const lines =
      kind === 'visit'
        ? [
            [ERRAND.visitor, subject],
            [ERRAND.reason, reason],
            [ERRAND.driver, driver],
          ]
        : kind === 'decontamination'
          ? [
              [ERRAND.zone, subject],
              [ERRAND.organism, reason],
            ]
          : [
              [ERRAND.dock, subject],
              [ERRAND.charge, chargePercent === null ? null : `${chargePercent} %`],
            ]
    const text = JSON.stringify(lines)
    if (facts.dataset['words'] === text) return
    facts.dataset['words'] = text
    facts.replaceChildren(
      ...lines.flatMap(([words, value]) => {
        if (value === null) return []
        const term = document.createElement('dt')
        fillInline(term, words)
        const detail = document.createElement('dd')
        detail.textContent = value
        return [term, detail]
      }),
    )
  }

  /** A new list for a new errand: nobody's ticks are taken over. @param {ScreenErrand} now */
  function showItems(now) {
    const text = JSON.stringify([now.missionId, now.items])
    if (items.dataset['words'] === text) return
    items.dataset['words'] = text
    name.value = ''
    items.replaceChildren(
      ...now.items.map((id) => {
        const item = document.createElement('li')
        const label = document.createElement('label')
        const box = document.createElement('input')
        box.type = 'checkbox'
        box.value = id
        const words = document.createElement('span')
        fillInline(words, WIPE_ITEMS[id] ?? { en: id, de: id, zh: id })
        label.append(box, words)
        item.append(label)
        return item
      }),
    )
  }

  return {
    isShown: () => !panel.hidden,
    /** @param {boolean} isTaken */
    answered: (isTaken) => tell(isTaken ? ANSWERS.taken : ANSWERS.refused),
    /**
     * @param {ScreenErrand | null} now
     * @param {boolean} isFirst what the large words are about; else something more urgent is
     */
    render(now, isFirst) {
      errand = now !== null && isFirst ? now : null
      panel.hidden = errand === null
      const ask = errand?.ask ?? null
      wipe.hidden = ask !== 'wiped'
      yes.hidden = ask !== 'consent' && ask !== 'wiped'
      no.hidden = ask !== 'consent' && ask !== 'endVisit'
      if (errand === null) return
      showFacts(errand)
      showItems(errand)
      fillInline(yes, ask === 'wiped' ? ANSWERS.wiped : ANSWERS.yes)
      fillInline(no, ask === 'endVisit' ? ANSWERS.endVisit : ANSWERS.no)
      showWipe()
    },
  }
}
