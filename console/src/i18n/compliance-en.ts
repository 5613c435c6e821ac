const numbers = new Intl.NumberFormat('en')
const plurals = new Intl.PluralRules('en')

function count(value: number, one: string, other: string): string {
  return `${numbers.format(value)} ${plurals.select(value) === 'one' ? one : other}`
}

const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** The texts of the compliance page, in English. */
export const complianceTexts = {
  title: 'Compliance',
  subject: 'What was due and what was done, how long it took, and what stood in the way.',
  from: 'From',
  to: 'To',
  ward: 'Ward',
  allWards: 'All wards',
  noWard: 'No ward',
  chooseMonth: 'Choose a month',
  madeAt: (when: string, zone: string) => `Counted ${when}. Months are those of the hospital (${zone}).`,
  /** What paper needs to say, because the choices are not on it. */
  period: (from: string, to: string, ward: string) => `${from} to ${to}, ${ward}`,
  print: 'Print',
  csv: (table: string) => `CSV: ${table}`,
  empty: 'Nothing was due in these months.',
  emptyHint:
    'Numbers come about by themselves: a room is asked for, a robot treats it, and somebody signs the proven report. Until then there is nothing to count. Choose other months, or ask for a room.',
  toRooms: 'Go to the rooms',
  month: 'Month',
  value: (value: number) => numbers.format(value),
  valueOf: (value: number, all: number) => `${numbers.format(value)} of ${numbers.format(all)}`,
  share: (value: number, all: number) =>
    all === 0
      ? '' // Rounded down: 100 % is all of them.
      : share.format(Math.floor((100 * value) / all) / 100),
  due: {
    title: 'Rooms due and done',
    hint: 'A request counts in the month in which it was due, or was made where nobody said by when. It is done when somebody has signed its proven report: a run without a proof, or a proof that nobody signed, is not done. Done without a due time is neither in time nor late.',
    sum: (done: number, due: number) => `${numbers.format(done)} of ${numbers.format(due)} done`,
    overdue: (overdue: number) => `${numbers.format(overdue)} overdue`,
    withdrawn: (withdrawn: number) =>
      `${count(withdrawn, 'request was', 'requests were')} taken back, and not counted.`,
    missedDates: (dates: number) =>
      `${count(dates, 'date of a recurring plan was', 'dates of recurring plans were')} never asked for: due, and not done.`,
    columns: {
      due: 'Due',
      done: 'Done',
      inTime: 'In time',
      late: 'Late',
      notDone: 'Not done',
      overdue: 'Overdue',
    },
    parts: {
      done: 'Done in time, or without a due time',
      late: 'Done late',
      open: 'Open',
      failed: 'Failed, or never asked for',
    },
  },
  turnaround: {
    title: 'From the request to clean',
    hint: 'From the moment at which the room was asked for to the signature that made it clean, waiting and failed tries included, of those that are clean. Percentiles are times of single requests: those of wards and months must not be added or averaged.',
    none: 'No room of these months is clean yet.',
    requests: 'Rooms',
    median: 'Median',
    p90: '90th percentile',
    longest: 'Longest',
    all: 'All',
    took: 'Took',
    upTo: (fromH: number, toH: number) => (fromH === 0 ? `up to ${toH} h` : `${fromH} to ${toH} h`),
    over: (hours: number) => `over ${hours} h`,
    ofAll: 'Of all, by ward and by month',
    of: 'Of',
  },
  runs: {
    title: 'Runs without a proof, and why',
    hint: 'Runs count in the month in which they ended. The cause is what stopped the run, or the last thing that tripped.',
    sum: (unproven: number, finished: number) =>
      `${numbers.format(unproven)} of ${count(finished, 'run', 'runs')} ended without a proof`,
    none: 'No run ended in these months.',
    allProven: (finished: number) => `All ${count(finished, 'run', 'runs')} were proven.`,
    cause: 'Cause',
    allRuns: 'all runs',
    causes: {
      stopped: 'Stopped by somebody',
      evidence: 'The evidence contradicts itself, or cannot be read',
      noReport: 'No report came',
      underDosed: 'Surfaces missed their dose',
      unknown: 'Not known',
    } as Readonly<Record<string, string>>,
    aborted: 'Aborted',
    incomplete: 'Incomplete',
    withoutVerdict: 'No verdict',
  },
  missed: {
    title: 'Surfaces that are missed again and again',
    hint: 'Missed in two runs of the same room or more, of runs with light that were not aborted. What hands touch most comes first.',
    none: 'No surface was missed in two runs of the same room.',
    unread: (runs: number) =>
      `${count(runs, 'run', 'runs')} could not be looked at: no report that can be read.`,
    room: 'Room',
    times: 'Missed',
    reached: 'Reached',
    timesOf: (missed: number, runs: number) => `${missed} of ${count(runs, 'run', 'runs')}`,
    reasonIn: (reason: string, runs: number, missed: number) =>
      runs === missed ? reason : `${reason} in ${runs} of them`,
    last: (when: string) => `Last: ${when}`,
  },
  lamps: {
    title: 'Lamps',
    hint: 'As robots tell it. Output is what a robot measured, never what its hours suggest.',
    none: 'No robot with a lamp.',
    tube: 'Tube',
    burned: 'Burned',
    hoursOf: (hours: number, rated: number) =>
      `${numbers.format(Math.round(hours))} of ${numbers.format(rated)} h`,
    output: 'Output',
    outputOf: (fraction: number) => `${share.format(fraction)} of rated`,
    lit: 'Lit in these runs',
    litHours: (hours: number) => `${numbers.format(Number(hours.toFixed(1)))} h`,
    untold: (runs: number) => `and ${count(runs, 'run', 'runs')} without a report`,
    notTold: 'not told',
    notMeasured: 'not measured',
    at: (when: string) => `told ${when}`,
    measuredAt: (when: string) => `measured ${when}`,
  },
  outbreak: {
    title: 'Outbreak',
    hint: 'Which rooms, robots and runs touched an organism, in order: by what people and the hospital’s system said, and by where robots were seen. A room that nobody isolated for it by name is not in it.',
    organism: 'Organism',
    choose: 'Choose an organism',
    since: 'Since (optional)',
    sinceHint: 'Left empty: 30 days ago.',
    none: 'Nothing is known to have touched it since then.',
    rooms: 'Rooms',
    robots: 'Robots',
    carries: 'carries it now',
    carriesNot: 'no longer',
    neverCarried: 'treated against it; not known to have carried it',
    when: 'When',
    what: 'What happened',
    always: 'From the beginning',
    kinds: {
      planned: 'is for it by the floor plan',
      present: 'carried it already',
      isolated: 'was isolated for it',
      lifted: 'is no longer isolated',
      soiled: 'was used again while isolated for it',
      tookUp: 'may have taken it up in',
      brought: 'may have brought it into',
      disinfected: 'was disinfected of it',
      decontaminated: 'was decontaminated',
      run: 'was sent to treat',
    },
    by: (who: string) => `by ${who}`,
    openRun: 'the run',
    verdicts: {
      proven: 'proven',
      incomplete: 'incomplete',
      aborted: 'aborted',
    } as Readonly<Record<string, string>>,
    noVerdict: 'no verdict',
  },
} as const
