import type { AlarmPriority, AlarmView, EscalationStep, Role } from '@wardlight/core/fleet'

const MINUTE_MS = 60_000

const URGENCY: Readonly<Record<AlarmPriority, number>> = { urgent: 2, high: 1, low: 0 }

/** A browser of somebody who is on duty. */
export interface DutyDevice {
  readonly id: string
  readonly role: Role
  /** On which the person works; `null`: on all. */
  readonly wards: readonly string[] | null
}

/** Where somebody is told. */
export type Target = { readonly webhookUrl: string } | { readonly deviceId: string }

/** Somebody who is to be told of an alarm now. */
export interface Escalation {
  readonly alarm: AlarmView
  /** Which of those that the alarm goes through, from 0. */
  readonly step: number
  readonly rule: EscalationStep
  readonly target: Target
  /** By which this step for this target is known again. */
  readonly key: string
}

/** The steps that an alarm goes through while nobody acknowledges it, in order of time. */
export function stepsFor(
  alarm: AlarmView,
  rules: readonly EscalationStep[],
  wardOf: (roomId: string) => string | null,
): readonly EscalationStep[] {
  const ward = alarm.roomId === null ? null : wardOf(alarm.roomId)
  return rules
    .filter(
      ({ priority, wards }) =>
        URGENCY[alarm.priority] >= URGENCY[priority] &&
        (wards === null || ward === null || wards.includes(ward)),
    )
    .toSorted((a, b) => a.afterMin - b.afterMin)
}

export interface EscalationFacts {
  readonly nowMs: number
  readonly wardOf: (roomId: string) => string | null
  readonly onDuty: readonly DutyDevice[]
  /** Whether this was told before, by `key`. */
  readonly wasTold: (alarmId: string, key: string) => boolean
}

/** Whom to tell now, that has not been told. Who comes on duty is told of what waits. */
export function escalationsDue(
  alarms: readonly AlarmView[],
  rules: readonly EscalationStep[],
  facts: EscalationFacts,
): Escalation[] {
  return stepsDue(alarms, rules, facts).flatMap(({ alarm, step, rule }) =>
    targetsOf(alarm, rule, facts)
      .map((target) => ({ alarm, step, rule, target, key: keyOf(rule, target) }))
      .filter(({ key }) => !facts.wasTold(alarm.id, key)),
  )
}

/** Rules that reach nobody, though there is something to tell: nobody is on duty whom they could tell. */
export function rulesInVain(
  alarms: readonly AlarmView[],
  rules: readonly EscalationStep[],
  facts: EscalationFacts,
): EscalationStep[] {
  const inVain = stepsDue(alarms, rules, facts)
    .filter(({ alarm, rule }) => targetsOf(alarm, rule, facts).length === 0)
    .map(({ rule }) => rule)
  return [...new Set(inVain)]
}

function stepsDue(
  alarms: readonly AlarmView[],
  rules: readonly EscalationStep[],
  { nowMs, wardOf }: EscalationFacts,
): { readonly alarm: AlarmView; readonly step: number; readonly rule: EscalationStep }[] {
  return alarms
    .filter((alarm) => isWaiting(alarm))
    .flatMap((alarm) =>
      stepsFor(alarm, rules, wardOf)
        .map((rule, step) => ({ alarm, step, rule }))
        .filter(({ rule }) => nowMs >= Date.parse(alarm.raisedAt) + rule.afterMin * MINUTE_MS),
    )
}

function targetsOf(
  alarm: AlarmView,
  { webhookUrl, roles = [] }: EscalationStep,
  { wardOf, onDuty }: EscalationFacts,
): Target[] {
  const ward = alarm.roomId === null ? null : wardOf(alarm.roomId)
  return [
    ...(webhookUrl === undefined ? [] : [{ webhookUrl }]),
    ...onDuty
      .filter(
        ({ role, wards }) =>
          roles.includes(role) && (ward === null || wards === null || wards.includes(ward)),
      )
      .map(({ id }) => ({ deviceId: id })),
  ]
}

/** Nobody has seen it, and its cause is there. */
export function isWaiting({ acknowledgedAt, clearedAt }: AlarmView): boolean {
  return acknowledgedAt === null && clearedAt === null
}

/** A step is known again whatever else is changed in the rules. */
function keyOf({ afterMin, to }: EscalationStep, target: Target): string {
  return JSON.stringify('webhookUrl' in target ? [afterMin, to, target.webhookUrl] : [afterMin, to, target])
}
