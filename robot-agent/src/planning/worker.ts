import { parentPort, workerData } from 'node:worker_threads'
import { planTreatment, type TreatmentInput } from '@wardlight/core/disinfection'

/** One plan in a thread of its own; what it throws ends the thread, and `planInThread` hears of it. */
parentPort?.postMessage(planTreatment(workerData as TreatmentInput))
