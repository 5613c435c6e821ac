import { ARMING_CHECKLIST } from '@wardlight/core/fleet'
import type { NurseClient } from '../../scripts/src/demo/nurse-client.ts'
import type { WardlightProcess } from './processes.ts'
import { until } from './until.ts'

/** Arms a mission with light, the first time or again, until the lamp is lit. @param robots the process of its robot */
export async function arm(nurse: NurseClient, missionId: string, robots: WardlightProcess): Promise<void> {
  await until(async () => {
    const { phase, blockers } = await nurse.mission(missionId)
    return (phase === 'awaitingArming' || phase === 'interrupted') && blockers.length === 0 ? true : null
  })
  await nurse.confirmChecklist(
    missionId,
    ARMING_CHECKLIST.map((item) => item.id),
  )
  await until(async () => ((await nurse.mission(missionId)).arming === 'checklistConfirmed' ? true : null))
  robots.child.stdin!.write('press\n')
  await until(async () => {
    const { arming, blockers } = await nurse.mission(missionId)
    return arming === 'buttonPressed' && blockers.length === 0 ? true : null
  })
  await nurse.start(missionId)
  await until(async () => ((await nurse.mission(missionId)).isLampLit ? true : null))
}
