import type { AlarmPriority, AlarmView, EscalationStep } from '@wardlight/core/fleet'

const MINUTE_MS = 60_000

const URGENCY: Readonly<Record<AlarmPriority, number>> = { urgent: 2, high: 1, low: 0 }

/** Somebody who is to be told of an alarm now. */
export interface Escalation {
  readonly alarm: AlarmView
  /** Which of those that the alarm goes through, from 0. */
  readonly step: number
  readonly rule: EscalationStep
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

/**
 * Whom to tell now, that has not been told.
 *
 * @param wasTold whether a step of an alarm was told before
 */
export function escalationsDue(
  alarms: readonly AlarmView[],
  rules: readonly EscalationStep[],
  {
    nowMs,
    wardOf,
    wasTold,
  }: {
    readonly nowMs: number
    readonly wardOf: (roomId: string) => string | null
    readonly wasTold: (alarmId: string, rule: EscalationStep) => boolean
  },
): Escalation[] {
  return alarms
    .filter((alarm) => isWaiting(alarm))
    .flatMap((alarm) =>
      stepsFor(alarm, rules, wardOf)
        .map((rule, step) => ({ alarm, step, rule }))
        .filter(
          ({ rule }) =>
            nowMs >= Date.parse(alarm.raisedAt) + rule.afterMin * MINUTE_MS && !wasTold(alarm.id, rule),
        ),
    )
}

/** Nobody has seen it, and its cause is there. */
export function isWaiting({ acknowledgedAt, clearedAt }: AlarmView): boolean {
  return acknowledgedAt === null && clearedAt === null
}

/** By which a step is known again, whatever else is changed in the rules. */
export function ruleKeyOf({ afterMin, to, webhookUrl }: EscalationStep): string {
  return JSON.stringify([afterMin, to, webhookUrl])
}
