import type { Instruments, Proof, ProofKind, ProofReport } from '@wardlight/core/fleet'

export const NOT_KNOWN = 'not known'

export const KIND_WORDS: Readonly<Record<ProofKind, string>> = {
  ended: 'This proof was issued when the mission ended. The room is not released by it.',
  released: 'This proof was issued when the room was released: it is clean by the signatures below.',
  measured:
    'This proof was issued when people with instruments of their own found the room free of gas. Nothing is proven of its disinfection.',
}

const METHODS = {
  uv: 'UV-C light',
  hpv: 'hydrogen peroxide, vapour',
  ahp: 'hydrogen peroxide, aerosol',
} as const

export function methodWords(report: ProofReport): string {
  return report.method === 'none' ? METHODS[report.plannedMethod] : METHODS[report.method]
}

/** In words first: nobody has to see a colour. */
export function verdictWords({ method, verdict, problem, outcome }: ProofReport): {
  readonly heading: string
  readonly text: string
} {
  const why = problem === null ? '' : ` ${problem}.`
  if (verdict === 'proven') {
    return {
      heading: 'PROVEN',
      text:
        method === 'uv'
          ? 'Every surface that the approved plan promised got its target dose.'
          : 'The planned dose was brought in and held by every sensor in the room, and the sensors cleared it.',
    }
  }
  return {
    heading: verdict === 'incomplete' ? 'INCOMPLETE, NOT PROVEN' : 'ABORTED, NOT PROVEN',
    text: `${outcome ?? 'Nothing is proven'}.${why}`,
  }
}

/** `2026-01-05 04:10:00 +01:00`, in the hospital's time. */
export function timeIn(timeZone: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
    ...{
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  } as const)
  return (iso) => {
    const ms = Date.parse(iso)
    if (Number.isNaN(ms)) return iso
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const offset = parts['timeZoneName']?.replace('GMT', '') ?? ''
    return `${parts['year']}-${parts['month']}-${parts['day']} ${parts['hour']}:${parts['minute']}:${parts['second']} ${offset === '' ? 'UTC' : offset}`
  }
}

/** `1 h 02 min 05 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  const rest = `${String(whole % 60).padStart(2, '0')} s`
  return hours > 0 ? `${hours} h ${String(minutes).padStart(2, '0')} min ${rest}` : `${minutes} min ${rest}`
}

export function orNotKnown(value: string | number | null | undefined, unit = ''): string {
  return value === null || value === undefined ? NOT_KNOWN : `${value}${unit}`
}

/** `awaitingArming` as `awaiting arming`, `door.opened` as `door opened`. */
export function spaced(name: string): string {
  return name
    .replaceAll('.', ' ')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim()
}

export function tubeWords({
  hours,
  ratedLifeHours,
  isOutputMeasured,
  lastOutput,
}: Instruments['tubes'][number]): string[] {
  return [
    `${hours.toFixed(1)} h of ${ratedLifeHours} h`,
    isOutputMeasured ? 'measured with a radiometer' : 'reckoned from its hours',
    lastOutput === null ? NOT_KNOWN : `${Math.round(100 * lastOutput)} % of rated`,
  ]
}

export function titleOf({ report, sequence }: Proof): string {
  return `Proof ${sequence} of disinfection: ${report.roomName}`
}
