/**
 * The robot's own screen, in the browser of its tablet: shows what the robot says, and says "keep out"
 * whenever it does not hear the robot. It is served as it stands here; `tsc -b` checks its types.
 *
 * @import { ScreenPageMessage, ScreenRobotMessage } from '../src/screen/screen-messages.ts'
 * @import { ScreenView } from '../src/screen/screen-view.ts'
 * @import { HoldStep } from '../src/screen/hold-to-arm.ts'
 * @import { Trio } from './screen-words.js'
 */
import { errandPanel } from './screen-errands.js'
import {
  ANSWERS,
  armingSteps,
  BLOCKERS_DARK,
  BLOCKERS_GAS,
  BLOCKERS_STILL,
  CAUSES,
  ENDS_IN,
  ERRAND,
  EXPLANATIONS,
  GAS_PHASES,
  HEADINGS,
  HOLD,
  HOLD_REFUSALS,
  INTERLOCKS,
  KEEP_OUT,
  KICKERS,
  LAMP,
  NO_BLOCKERS,
  NO_BLOCKERS_GAS,
  PREDICTED,
  REMAINING,
  SECONDS,
  STEP_DONE,
  STEP_NOW,
  STOP,
  STOPPED_BY_HAND,
  WIPE_ITEMS,
} from './screen-words.js'

/** After so long without a beat, milliseconds, the robot is lost. Proposed: twenty beats. */
const LOST_AFTER_MS = 2000
const RECONNECT_MS = 500
/** As the robot wants it: more often than every 500 ms. */
const HOLD_EVERY_MS = 250
const HOLD_MS = 2000
/** How long an answer stays on a button, milliseconds. */
const ANSWER_MS = 4000

/** @type {(id: string) => HTMLElement} */
function element(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

const parts = {
  main: element('main'),
  name: element('robot-name'),
  alive: element('alive'),
  lamp: element('lamp-words'),
  count: element('count'),
  countFigure: element('count-figure'),
  countWords: element('count-words'),
  kicker: element('kicker'),
  heading: element('heading'),
  explanation: element('explanation'),
  remaining: element('remaining'),
  stopped: element('stopped'),
  causes: element('causes'),
  causesTitle: element('causes-title'),
  causesList: element('causes-list'),
  steps: element('steps'),
  blockers: element('blockers'),
  blockersTitle: element('blockers-title'),
  blockersList: element('blockers-list'),
  hold: element('hold'),
  holdFill: element('hold-fill'),
  holdWords: element('hold-words'),
  stop: element('stop'),
  stopWords: element('stop-words'),
  stopNote: element('stop-note'),
}

// --- The line to the robot

/** @type {WebSocket | null} */
let socket = null
let lineBeganMs = 0
let heardAtMs = -Infinity
/** The newest beat of this connection; 0: none yet. */
let beat = 0
let sequence = 0
/** What the robot said last on this line. @type {ScreenView | null} */
let latest = null
/** What is shown. `null`: the robot is lost. @type {ScreenView | null} */
let view = null

function connect() {
  const line = new WebSocket(`ws://${location.host}/live`)
  socket = line
  lineBeganMs = performance.now()
  beat = 0
  sequence = 0
  latest = null
  line.addEventListener('open', () => {
    if (stopState === 'unsent') sendStop()
  })
  line.addEventListener('message', ({ data }) => {
    if (line !== socket) return
    hear(/** @type {ScreenRobotMessage} */ (JSON.parse(data)))
  })
  line.addEventListener('close', () => {
    if (line === socket) leaveLine()
  })
}

/** Gives the present line up and tries another. */
function leaveLine() {
  const line = socket
  letGo('cancel')
  socket = null
  line?.close()
  if (stopState === 'sent') showStop('unsent')
  setTimeout(connect, RECONNECT_MS)
}

/** @param {ScreenRobotMessage} message */
function hear(message) {
  switch (message.type) {
    case 'beat':
      // Only a beat says that the robot goes on; a view may be the last that it could send.
      beat = message.beat
      heardAtMs = performance.now()
      if (view === null) show(latest)
      parts.alive.classList.toggle('beat', Math.floor(beat / 10) % 2 === 0)
      break
    case 'view':
      latest = message.view
      if (!isLost()) show(latest)
      break
    case 'hold':
      if (message.outcome === 'cancelled') {
        endHold()
        answerHold(HOLD_REFUSALS[message.reason])
      } else if (message.outcome === 'counted') answerHold(HOLD.counted)
      else showHold(message.outcome === 'longEnough' ? HOLD.longEnough : HOLD.holding)
      break
    case 'answer':
      errands.answered(message.isTaken)
      break
    case 'stopped':
      showStop('done')
      break
  }
}

/** @param {ScreenView | null} now */
function show(now) {
  view = now
  render()
}

/** @param {ScreenPageMessage} message @returns {boolean} whether it went out */
function say(message) {
  if (socket === null || socket.readyState !== WebSocket.OPEN) return false
  socket.send(JSON.stringify(message))
  return true
}

function isLost() {
  return !(performance.now() - heardAtMs <= LOST_AFTER_MS)
}

// On the page's own thread, so that a page that hangs sends no hold either.
setInterval(() => {
  if (!isLost()) return
  if (view !== null) {
    letGo('cancel')
    show(null)
  }
  // A line that is silent is none, open or not; the next one may be better.
  if (socket !== null && performance.now() - lineBeganMs > LOST_AFTER_MS) leaveLine()
}, 250)

// --- Stop

/** @type {'idle' | 'sent' | 'done' | 'unsent'} */
let stopState = 'idle'
let stopAnswerTimer = 0

function sendStop() {
  showStop(!isLost() && say({ type: 'stop' }) ? 'sent' : 'unsent')
  // Lost or not, it goes out where there is a line; a stop too many harms nobody.
  if (stopState === 'unsent') say({ type: 'stop' })
}

/** @param {typeof stopState} state */
function showStop(state) {
  stopState = state
  clearTimeout(stopAnswerTimer)
  fillInline(parts.stopWords, STOP.idle)
  fillInline(parts.stopNote, state === 'idle' ? STOP.what : STOP[state])
  if (state === 'done') stopAnswerTimer = setTimeout(() => showStop('idle'), ANSWER_MS)
}

// With the finger's coming, not its going: a stop waits for nothing.
parts.stop.addEventListener('pointerdown', (event) => {
  if (event.button === 0) sendStop()
})
parts.stop.addEventListener('click', (event) => {
  // By keyboard or by an assistant; a finger was heard already.
  if (event.detail === 0) sendStop()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.repeat) sendStop()
})
document.addEventListener('contextmenu', (event) => event.preventDefault())

// --- Hold to arm

/** What holds: a pointer's id, or a key; `null`: nothing does. @type {number | string | null} */
let holder = null
let holdTimer = 0
let holdAnswerTimer = 0
let holdBeganMs = 0

/** @param {number | string} by */
function beginHold(by) {
  if (holder !== null || beat === 0 || isLost()) return
  if (!sayHold('begin')) return
  holder = by
  holdBeganMs = performance.now()
  clearTimeout(holdAnswerTimer)
  showHold(HOLD.holding)
  holdTimer = setInterval(() => {
    if (document.hasFocus()) sayHold('continue')
    else letGo('cancel')
    parts.holdFill.style.width = `${Math.min(100, ((performance.now() - holdBeganMs) / HOLD_MS) * 100)}%`
  }, HOLD_EVERY_MS)
}

/** @param {'end' | 'cancel'} how */
function letGo(how) {
  if (holder === null) return
  sayHold(how)
  endHold()
  showHold(HOLD.idle)
}

function endHold() {
  holder = null
  clearInterval(holdTimer)
  parts.holdFill.style.width = '0'
}

/** @param {HoldStep} step */
function sayHold(step) {
  sequence += 1
  return say({ type: 'hold', sequence, step, beat })
}

/** @param {Trio} words */
function showHold(words) {
  fillInline(parts.holdWords, words)
}

/** @param {Trio} words */
function answerHold(words) {
  showHold(words)
  clearTimeout(holdAnswerTimer)
  holdAnswerTimer = setTimeout(() => {
    if (holder === null) showHold(HOLD.idle)
  }, ANSWER_MS)
}

parts.hold.addEventListener('pointerdown', (event) => {
  if (event.button !== 0 || !event.isPrimary) return
  // A finger that slides off must be seen to leave.
  if (parts.hold.hasPointerCapture(event.pointerId)) parts.hold.releasePointerCapture(event.pointerId)
  beginHold(event.pointerId)
})
parts.hold.addEventListener('pointerup', (event) => {
  if (holder === event.pointerId) letGo('end')
})
for (const gone of /** @type {const} */ (['pointerleave', 'pointercancel'])) {
  parts.hold.addEventListener(gone, (event) => {
    if (holder === event.pointerId) letGo('cancel')
  })
}
parts.hold.addEventListener('keydown', (event) => {
  if (event.key !== ' ' && event.key !== 'Enter') return
  event.preventDefault()
  if (!event.repeat) beginHold(event.key)
})
parts.hold.addEventListener('keyup', (event) => {
  if (holder === event.key) letGo('end')
})
parts.hold.addEventListener('blur', () => letGo('cancel'))
window.addEventListener('blur', () => letGo('cancel'))
window.addEventListener('pagehide', () => letGo('cancel'))
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') letGo('cancel')
})

// --- What is seen

/** @type {(words: Trio) => readonly (readonly [lang: string, text: string])[]} */
const languagesOf = ({ en, de, zh }) => [
  ['en', en],
  ['de', de],
  ['zh-Hans', zh],
]

/**
 * The three languages as elements of their own, changed only where they differ: a screen reader says what changed.
 *
 * @param {HTMLElement} parent
 * @param {Trio} words
 * @param {string} tag
 */
function fill(parent, words, tag) {
  const text = JSON.stringify(words)
  if (parent.dataset['words'] === text) return
  parent.dataset['words'] = text
  parent.replaceChildren(
    ...languagesOf(words).map(([lang, words]) => {
      const child = document.createElement(tag)
      child.lang = lang
      child.textContent = words
      return child
    }),
  )
}

/** @param {HTMLElement} parent @param {Trio} words */
function fillInline(parent, words) {
  parent.classList.add('languages')
  fill(parent, words, 'span')
}

/** Beyond so many characters words are set smaller, so that all of them are on the screen. */
const LONG_ANNOUNCEMENT = 60

/**
 * Words of the hospital's own, in whatever language.
 *
 * @param {HTMLElement} parent
 * @param {readonly string[]} texts
 */
function fillAnnouncements(parent, texts) {
  const words = JSON.stringify(['announced', ...texts])
  if (parent.dataset['words'] === words) return
  parent.dataset['words'] = words
  parent.toggleAttribute('data-is-long', texts.join('').length > LONG_ANNOUNCEMENT)
  parent.replaceChildren(
    ...texts.map((text) => {
      const line = document.createElement('span')
      line.lang = ''
      line.dir = 'auto'
      line.textContent = text
      return line
    }),
  )
}

/** @param {HTMLElement} list @param {readonly (string | Trio)[]} lines */
function fillList(list, lines) {
  const text = JSON.stringify(lines)
  if (list.dataset['words'] === text) return
  list.dataset['words'] = text
  list.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement('li')
      if (typeof line !== 'string') fillInline(item, line)
      else {
        item.lang = 'en'
        item.textContent = line.charAt(0).toUpperCase() + line.slice(1)
      }
      return item
    }),
  )
}

/** As a clock: minutes and seconds. @param {number} seconds */
function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** @param {HTMLElement} parent @param {Trio} label @param {string} value */
function fillFigure(parent, label, value) {
  const words = document.createElement('span')
  fillInline(words, label)
  const figure = document.createElement('strong')
  figure.textContent = value
  parent.replaceChildren(words, document.createTextNode(' '), figure)
}

/** Where it waits for people to arm it. @type {readonly string[]} */
const TO_ARM = ['awaitingArming', 'interrupted', 'gasWithheld']

/** @param {Trio} first @param {Trio} then @returns {Trio} */
function joined(first, then) {
  return { en: `${first.en} ${then.en}`, de: `${first.de} ${then.de}`, zh: `${first.zh}${then.zh}` }
}

/** @param {ScreenView} now @returns {keyof typeof HEADINGS} */
function headingOf({ mode, verdict, gasPhase }) {
  if (mode === 'interrupted' && gasPhase !== null) return 'gasWithheld'
  return mode === 'finished' ? (verdict ?? 'checking') : mode
}

function render() {
  const now = view
  const key = now === null ? 'lost' : headingOf(now)
  const { body } = document
  const isWarning = ['lost', 'keepOut', 'gas', 'evacuate', 'leaveNow'].includes(key)
  body.dataset['mode'] = key
  body.dataset['look'] = isWarning
    ? 'warning'
    : key === 'proven'
      ? 'good'
      : [
            'interrupted',
            'gasWithheld',
            'stopped',
            'incomplete',
            'aborted',
            'awaitingArming',
            'wiping',
            'contaminated',
          ].includes(key)
        ? 'attention'
        : 'calm'
  body.dataset['sign'] =
    key === 'gas' || key === 'evacuate'
      ? 'mark'
      : isWarning
        ? 'light'
        : ['interrupted', 'gasWithheld', 'stopped', 'incomplete', 'aborted'].includes(key)
          ? 'mark'
          : key === 'proven'
            ? 'done'
            : 'none'
  document.title = HEADINGS[key].en
  // The robot sends none while anything is more urgent; what it does itself stands above them then.
  const announced = now?.announcements ?? []
  body.toggleAttribute('data-announces', announced.length > 0)
  if (announced.length > 0) fillAnnouncements(parts.heading, announced)
  else fill(parts.heading, HEADINGS[key], 'span')

  const kicker = announced.length > 0 ? HEADINGS[key] : KICKERS[key]
  parts.kicker.hidden = kicker === undefined
  if (kicker !== undefined) fillInline(parts.kicker, kicker)
  const explanation = now !== null && key === 'keepOut' ? KEEP_OUT[now.lamp] : EXPLANATIONS[key]
  const gasPhase = now?.gasPhase ?? null
  const doing = key === 'gas' && gasPhase !== null ? GAS_PHASES[gasPhase] : undefined
  parts.explanation.hidden = explanation === undefined
  if (explanation !== undefined)
    fill(parts.explanation, doing === undefined ? explanation : joined(doing, explanation), 'p')

  fillInline(parts.lamp, LAMP[now?.lamp ?? 'unknown'])
  if (now !== null) parts.name.textContent = now.robotName
  // In a treatment it stands among what happened.
  parts.stopped.hidden = now === null || !now.isStopped || isWarning || key === 'interrupted'
  fillInline(parts.stopped, STOPPED_BY_HAND)
  renderCounts(now, key)
  renderLists(now, key)
  errands.render(now?.errand ?? null, key === now?.errand?.mode && announced.length === 0)
  body.toggleAttribute('data-is-dense', !parts.steps.hidden || !parts.blockers.hidden || errands.isShown())
  makeReachable()

  const isToArm = now !== null && TO_ARM.includes(key)
  const mayHold = isToArm && now.armBy === 'screen' && ['locked', 'checklistConfirmed'].includes(now.arming)
  if (!mayHold && !parts.hold.hidden) {
    letGo('cancel')
    if (document.activeElement === parts.hold) parts.stop.focus()
  }
  if (mayHold && parts.hold.hidden) showHold(HOLD.idle)
  parts.hold.hidden = !mayHold
}

/** What has to be scrolled can be scrolled by keyboard. */
function makeReachable() {
  const { scrollHeight, clientHeight } = parts.main
  if (scrollHeight > clientHeight) parts.main.tabIndex = 0
  else parts.main.removeAttribute('tabindex')
}
window.addEventListener('resize', makeReachable)

/** @param {ScreenView | null} now @param {string} key */
function renderCounts(now, key) {
  const isLeaving = key === 'leaveNow' && now?.countdownS != null
  const isKeptOut = (key === 'keepOut' || key === 'gas') && now?.remainingS != null
  parts.count.hidden = !isLeaving && !isKeptOut
  if (isLeaving) {
    parts.countFigure.textContent = String(now.countdownS)
    fillInline(parts.countWords, SECONDS)
  } else if (isKeptOut) {
    const remainingS = now.remainingS ?? 0
    // Of a prediction nobody needs the seconds.
    parts.countFigure.textContent = key === 'gas' ? String(Math.ceil(remainingS / 60)) : clock(remainingS)
    fillInline(parts.countWords, key === 'gas' ? PREDICTED : REMAINING)
  }
  const isToEnd = TO_ARM.includes(key) && now?.countdownS != null
  parts.remaining.hidden = !isToEnd
  if (isToEnd) fillFigure(parts.remaining, ENDS_IN, clock(now.countdownS ?? 0))
}

/** @param {ScreenView | null} now @param {string} key */
function renderLists(now, key) {
  const causes = now?.causes ?? []
  parts.causes.hidden = causes.length === 0
  fillInline(parts.causesTitle, CAUSES)
  fillList(
    parts.causesList,
    causes.flatMap(({ kind, detail }) => [INTERLOCKS[kind], detail]),
  )

  const isToArm = TO_ARM.includes(key)
  const isGas = now !== null && now.gasPhase !== null
  parts.steps.hidden = !isToArm
  if (isToArm && now !== null) renderSteps(now)

  const blockers = now?.blockers ?? []
  const isStill = key === 'stopped'
  parts.blockers.hidden = now === null || !(isToArm || (isStill && blockers.length > 0))
  fillInline(parts.blockersTitle, isStill ? BLOCKERS_STILL : isGas ? BLOCKERS_GAS : BLOCKERS_DARK)
  fillList(parts.blockersList, blockers.length > 0 ? blockers : [isGas ? NO_BLOCKERS_GAS : NO_BLOCKERS])
}

/** @param {ScreenView} now */
function renderSteps({ arming, armBy }) {
  const done = { locked: 0, checklistConfirmed: 1, buttonPressed: 2, started: 3 }[arming]
  const text = `${armBy} ${arming}`
  if (parts.steps.dataset['words'] === text) return
  parts.steps.dataset['words'] = text
  parts.steps.replaceChildren(
    ...armingSteps(armBy).map((words, index) => {
      const item = document.createElement('li')
      const lines = document.createElement('div')
      for (const [lang, line] of languagesOf(words)) {
        const child = document.createElement(lang === 'en' ? 'span' : 'small')
        child.lang = lang
        child.textContent = line
        lines.append(child)
      }
      const mark = document.createElement('span')
      mark.className = 'mark'
      if (index < done) mark.textContent = `✓ ${STEP_DONE.en}`
      if (index === done) {
        item.setAttribute('aria-current', 'step')
        mark.textContent = `◀ ${STEP_NOW.en}`
      }
      item.append(lines, mark)
      return item
    }),
  )
}

// --- Errands

const errands = errandPanel({ say: (message) => !isLost() && say(message), fillInline })

// A page that failed might go on showing what was: it begins anew, with the words that keep people out.
for (const failure of /** @type {const} */ (['error', 'unhandledrejection'])) {
  window.addEventListener(failure, () => location.reload())
}

// The letters of all three languages are fetched while the robot is there to give them.
void document.fonts.load(
  '900 1em "Noto Sans SC Variable"',
  [
    HEADINGS,
    EXPLANATIONS,
    KICKERS,
    KEEP_OUT,
    LAMP,
    STOP,
    HOLD,
    INTERLOCKS,
    ERRAND,
    WIPE_ITEMS,
    ANSWERS,
    GAS_PHASES,
  ]
    .flatMap((group) => Object.values(group))
    .map((words) => (words === undefined ? '' : words.en + words.de + words.zh))
    .join(''),
)
showStop('idle')
render()
connect()
