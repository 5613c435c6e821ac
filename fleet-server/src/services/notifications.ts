import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Clock, TimerId } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import {
  TEST_ALARM_KIND,
  type AlarmPriority,
  type EscalationStep,
  type NotificationBody,
  type NotificationRules,
  type NotificationRulesView,
  type NotificationSecret,
  type NotificationTest,
  type NotificationTestResult,
  type NotificationView,
  type PushMessage,
} from '@wardlight/core/fleet'
import { and, asc, desc, eq, inArray, lte } from 'drizzle-orm'
import type { FastifyBaseLogger } from 'fastify'
import { escalationsDue, isWaiting, rulesInVain } from '../domain/escalation.ts'
import type { LiveBoard } from '../live/live-board.ts'
import type { Database } from '../store/database.ts'
import { notificationRules, notifications, type NotificationRow } from '../store/schema.ts'
import { whyNoAnswer } from '../why-no-answer.ts'
import type { Alarms } from './alarms.ts'
import type { Duty } from './duty.ts'
import type { FloorIndex } from './floor-index.ts'
import type { Told } from './web-push.ts'

/** HMAC-SHA256 of the body's bytes with the secret, hexadecimal. */
export const SIGNATURE_HEADER = 'x-wardlight-signature'

const RULES_ROW = 1
/** Proposed: who is told at once is told within so much, milliseconds. */
export const LOOK_MS = 5000
/** Proposed: an address that does not answer within this does not answer. */
const ANSWER_MS = 10_000
/** Proposed: tries are twice as far apart each time, from the first to the last of these. */
const FIRST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 15 * 60_000
/** Proposed: after so many tries in vain people are told where they look anyway. */
const TRIES_BEFORE_ALARM = 4
const SHOWN = 200

const ALARM_WORDS: Readonly<Record<AlarmPriority, string>> = {
  urgent: 'Urgent alarm',
  high: 'Alarm',
  low: 'Notice',
}

/**
 * Tells people of alarms that nobody has acknowledged, by webhooks and on their devices, and others after them. What is to be told is stored
 * before it is, and tried until it is taken or no longer true.
 */
export class Notifications {
  readonly #database: Database
  readonly #board: LiveBoard
  readonly #alarms: Alarms
  readonly #floor: FloorIndex
  readonly #duty: Duty
  readonly #hospitalName: string
  readonly #now: () => Date
  readonly #clock: Clock
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  #rules: NotificationRules = { steps: [] }
  #secret = ''
  /** Sources of alarms that rules reach nobody. */
  #inVain: ReadonlySet<string> = new Set()
  #secretMadeAt: Date | null = null
  /** Of alarms that are open: what was told of them. */
  readonly #told = new Set<string>()
  #timer: TimerId = null
  #isLooking = false
  #looked: Promise<void> = Promise.resolve()

  /** @param clock real time: people wait in it, and other machines answer in it */
  constructor(options: {
    database: Database
    board: LiveBoard
    alarms: Alarms
    floor: FloorIndex
    duty: Duty
    hospitalName: string
    now: () => Date
    clock: Clock
    log: FastifyBaseLogger
  }) {
    this.#database = options.database
    this.#board = options.board
    this.#alarms = options.alarms
    this.#floor = options.floor
    this.#duty = options.duty
    this.#hospitalName = options.hospitalName
    this.#now = options.now
    this.#clock = options.clock
    this.#log = options.log
  }

  async load(): Promise<void> {
    const [row] = await this.#database.queries.select().from(notificationRules)
    if (row === undefined) {
      this.#secret = newSecret()
      const made = { id: RULES_ROW, rules: this.#rules, secret: this.#secret, changedAt: this.#now() }
      await this.#database.write((tx) => tx.insert(notificationRules).values(made))
    } else {
      this.#rules = row.rules
      this.#secret = row.secret
      this.#secretMadeAt = row.secretMadeAt
    }
    const rows = await this.#database.queries
      .select({ alarmId: notifications.alarmId, ruleKey: notifications.ruleKey })
      .from(notifications)
      .where(
        inArray(
          notifications.alarmId,
          this.#board.all('alarms').map(({ id }) => id),
        ),
      )
    for (const { alarmId, ruleKey } of rows) this.#told.add(toldKey(alarmId, ruleKey))
  }

  start(): void {
    const again = () => {
      this.#timer = this.#clock.setTimeout(again, LOOK_MS)
      if (!this.#isLooking) this.#looked = this.#look()
    }
    again()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#clock.clearTimeout(this.#timer)
    await this.#looked
  }

  get rules(): NotificationRulesView {
    return { ...this.#rules, secretMadeAt: this.#secretMadeAt?.toISOString() ?? null }
  }

  /** @throws WARD_ERR_VALIDATION for a step that tells nobody, or an address that nothing can be sent to */
  async setRules(rules: NotificationRules): Promise<NotificationRulesView> {
    for (const [index, { to, webhookUrl, roles }] of rules.steps.entries()) {
      if (webhookUrl !== undefined) checkAddress(webhookUrl, `steps/${index}/webhookUrl`)
      else if (roles === undefined) {
        throw wardError('WARD_ERR_VALIDATION', {
          what: `“${to}” would never be told`,
          where: `steps/${index}`,
          remedy: 'Give webhookUrl, or roles whose people are told on their devices, or both.',
        })
      }
    }
    await this.#database.write((tx) =>
      tx
        .update(notificationRules)
        .set({ rules, changedAt: this.#now() })
        .where(eq(notificationRules.id, RULES_ROW)),
    )
    this.#rules = rules
    return this.rules
  }

  /** From now on messages are signed with another key. @returns it; it is not told again */
  async renewSecret(): Promise<NotificationSecret> {
    const [secret, now] = [newSecret(), this.#realNow()]
    await this.#database.write((tx) =>
      tx
        .update(notificationRules)
        .set({ secret, secretMadeAt: now, changedAt: this.#now() })
        .where(eq(notificationRules.id, RULES_ROW)),
    )
    this.#secret = secret
    this.#secretMadeAt = now
    return { secret }
  }

  /** Tells somebody now that nothing has happened. It is tried once and not kept. @throws WARD_ERR_VALIDATION as `setRules` */
  async test({ to, webhookUrl }: NotificationTest): Promise<NotificationTestResult> {
    checkAddress(webhookUrl, 'webhookUrl')
    const id = randomUUID()
    return this.#post(webhookUrl, {
      id,
      hospital: this.#hospitalName,
      to,
      step: 0,
      alarm: {
        id,
        kind: TEST_ALARM_KIND,
        priority: 'low',
        text: 'This is a test. Nothing has happened.',
        roomId: null,
        robotId: null,
        raisedAt: this.#now().toISOString(),
      },
      consolePath: '/#/notifications',
    })
  }

  /** The newest first. */
  async list(): Promise<NotificationView[]> {
    const rows = await this.#database.queries
      .select()
      .from(notifications)
      .orderBy(desc(notifications.dueAt))
      .limit(SHOWN)
    return rows.map(viewOf)
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    try {
      await this.#decide()
      const rows = await this.#database.queries
        .select()
        .from(notifications)
        .where(and(eq(notifications.status, 'waiting'), lte(notifications.nextTryAt, this.#realNow())))
        .orderBy(asc(notifications.dueAt))
      await Promise.all(rows.map((row) => this.#tell(row)))
    } catch (err) {
      // A server that stops, or leads no longer, leaves the rest to the next one.
      if (!this.#stopping.signal.aborted) this.#log.error({ err }, 'People were not told of alarms')
    } finally {
      this.#isLooking = false
    }
  }

  async #decide(): Promise<void> {
    const alarms = this.#board.all('alarms')
    const { steps } = this.#rules
    const isAnybodyAsked = steps.some(({ roles }) => roles !== undefined) && alarms.some(isWaiting)
    const facts = {
      nowMs: this.#now().getTime(),
      wardOf: (roomId: string) => this.#floor.wardOf(roomId),
      onDuty: isAnybodyAsked ? await this.#duty.onDuty() : [],
      wasTold: (alarmId: string, key: string) => this.#told.has(toldKey(alarmId, key)),
    }
    this.#warnOf(rulesInVain(alarms, steps, facts))
    const due = escalationsDue(alarms, steps, facts)
    if (due.length === 0) return
    const rows = due.map(({ alarm, step, rule, target, key }): NotificationRow => {
      const id = randomUUID()
      const { kind, priority, text, roomId, robotId, raisedAt } = alarm
      return {
        id,
        alarmId: alarm.id,
        ruleKey: key,
        dueAt: this.#now(),
        webhookUrl: 'webhookUrl' in target ? target.webhookUrl : null,
        deviceId: 'deviceId' in target ? target.deviceId : null,
        body: {
          id,
          hospital: this.#hospitalName,
          to: rule.to,
          step,
          alarm: { id: alarm.id, kind, priority, text, roomId, robotId, raisedAt },
          consolePath: '/#/alarms',
        },
        status: 'waiting',
        tries: 0,
        problem: null,
        nextTryAt: this.#realNow(),
      }
    })
    await this.#database.write((tx) => tx.insert(notifications).values(rows).onConflictDoNothing())
    for (const { alarmId, ruleKey } of rows) this.#told.add(toldKey(alarmId, ruleKey))
  }

  /** That somebody should be told, and nobody is there who could be, is for those who look at the console. */
  #warnOf(inVain: readonly EscalationStep[]): void {
    const now = new Set(inVain.map(({ to }) => `duty/${to}`))
    for (const source of this.#inVain) if (!now.has(source)) this.#alarms.heard(source, [])
    for (const { to } of inVain) {
      this.#alarms.heard(`duty/${to}`, [
        {
          robotId: null,
          roomId: null,
          kind: 'notification.nobody',
          priority: 'high',
          text: `${to} should be told of alarms, and none of them is on duty with a device`,
        },
      ])
    }
    this.#inVain = now
  }

  async #tell(row: NotificationRow): Promise<void> {
    const alarm = this.#board.get('alarms', row.alarmId)
    // Nobody is woken for what is over.
    if (alarm === undefined || !isWaiting(alarm)) {
      await this.#store(row, { status: 'over' })
      return
    }
    const { problem, isGone } = await this.#send(row)
    const tries = row.tries + 1
    if (isGone) {
      await this.#store(row, { status: 'over', tries, problem })
      return
    }
    if (problem === null) {
      await this.#store(row, { status: 'told', tries, problem: null })
      this.#alarms.heard(alarmSource(row), [])
      return
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** row.tries, LONGEST_PAUSE_MS)
    await this.#store(row, { tries, problem, nextTryAt: new Date(this.#clock.epochMs() + pauseMs) })
    if (tries < TRIES_BEFORE_ALARM) return
    this.#alarms.heard(alarmSource(row), [
      {
        robotId: null,
        roomId: null,
        kind: 'notification.failed',
        priority: 'high',
        text: `${row.body.to} cannot be told of alarms: ${problem}`,
      },
    ])
  }

  async #send({ deviceId, webhookUrl, body }: NotificationRow): Promise<Told> {
    if (webhookUrl !== null) {
      const { problem } = await this.#post(webhookUrl, body)
      return { problem, isGone: false }
    }
    return this.#duty.tell(deviceId!, pushMessage(body), this.#stopping.signal)
  }

  async #post(webhookUrl: string, body: NotificationBody): Promise<NotificationTestResult> {
    const bytes = JSON.stringify(body)
    try {
      const answer = await fetch(webhookUrl, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: createHmac('sha256', this.#secret).update(bytes).digest('hex'),
        },
        body: bytes,
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ANSWER_MS)]),
      })
      await answer.body?.cancel()
      return { status: answer.status, problem: answer.ok ? null : `it answered ${answer.status}` }
    } catch (error) {
      return { status: null, problem: whyNoAnswer(error) }
    }
  }

  async #store({ id }: NotificationRow, patch: Partial<NotificationRow>): Promise<void> {
    await this.#database.write((tx) => tx.update(notifications).set(patch).where(eq(notifications.id, id)))
  }

  #realNow(): Date {
    return new Date(this.#clock.epochMs())
  }
}

function pushMessage({ alarm, hospital, consolePath }: NotificationBody): PushMessage {
  return {
    title: `${ALARM_WORDS[alarm.priority]}: ${hospital}`,
    text: alarm.text,
    tag: alarm.id,
    isPressing: alarm.priority !== 'low',
    path: consolePath,
  }
}

function newSecret(): string {
  return randomBytes(32).toString('hex')
}

function checkAddress(webhookUrl: string, where: string): void {
  const url = URL.canParse(webhookUrl) ? new URL(webhookUrl) : null
  // `fetch` sends to no address with them, and its error would tell them.
  if (url !== null && url.username === '' && url.password === '') return
  throw wardError('WARD_ERR_VALIDATION', {
    what:
      url === null
        ? 'This is no address that anything can be sent to'
        : 'An address with a name and a password in it cannot be sent to',
    where,
    remedy: 'Give the address as the service shows it, such as https://pager.example/hooks/ward-3.',
  })
}

function alarmSource({ body }: NotificationRow): string {
  return `notifications/${body.to}`
}

function toldKey(alarmId: string, ruleKey: string): string {
  return `${alarmId} ${ruleKey}`
}

function viewOf({ id, alarmId, body, dueAt, status, tries, problem }: NotificationRow): NotificationView {
  return {
    id,
    alarmId,
    to: body.to,
    text: body.alarm.text,
    at: dueAt.toISOString(),
    status,
    tries,
    problem,
  }
}
