import { solveSchedule } from '../domain/schedule/solve.ts'
import { answerJobs } from './answer-jobs.ts'

/** The thread beside the server in which the schedule is searched for: nobody who asks "what if" waits for a treatment's plan. */
answerJobs(solveSchedule)
