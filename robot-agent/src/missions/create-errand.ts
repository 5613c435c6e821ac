import { DecontaminationRunner } from './decontamination-runner.ts'
import { DockMissionRunner } from './dock-mission-runner.ts'
import type { ErrandOrder } from './errand-orders.ts'
import type { ErrandOptions } from './errand.ts'
import { VisitRunner } from './visit-runner.ts'

/** An errand of whichever kind; `kind` tells them apart. */
export type ErrandRunner = DockMissionRunner | DecontaminationRunner | VisitRunner

export function createErrand(errand: ErrandOrder, options: ErrandOptions): ErrandRunner {
  switch (errand.kind) {
    case 'dock':
      return new DockMissionRunner(errand.order, options)
    case 'decontamination':
      return new DecontaminationRunner(errand.order, options)
    case 'visit':
      return new VisitRunner(errand.order, options)
  }
}
