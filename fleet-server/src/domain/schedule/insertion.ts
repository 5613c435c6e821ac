import { advance, rerouted, routeCost, type Prepared, type RobotState, type Route } from './route.ts'

/** Where a job fits best into a route. */
export interface Place {
  readonly position: number
  /** Points that it adds; `Infinity` where it does not fit. */
  readonly cost: number
}

const NOWHERE: Place = { position: -1, cost: Infinity }
const scratch: RobotState = {
  atMs: 0,
  placeIndex: 0,
  batteryFraction: 0,
  burden: 0,
  lampLeftMs: 0,
  cost: 0,
}

/** @param firstFree positions before it are frozen */
export function bestPlace(prepared: Prepared, route: Route, jobIndex: number, firstFree: number): Place {
  const before = routeCost(route)
  let best = NOWHERE
  for (let position = route.jobs.length; position >= firstFree; position -= 1) {
    if (advance(prepared, route.robotIndex, route.states[position]!, jobIndex, scratch) === Infinity) continue
    let fits = true
    for (let next = position; next < route.jobs.length; next += 1) {
      if (
        scratch.cost - before >= best.cost ||
        advance(prepared, route.robotIndex, scratch, route.jobs[next]!, scratch) === Infinity
      ) {
        fits = false
        break
      }
    }
    if (fits && scratch.cost - before < best.cost) best = { position, cost: scratch.cost - before }
  }
  return best
}

/** Routes that are looked at for one job; in large fleets the others are too far in time to be best. */
const CANDIDATE_ROUTES = 40

/** The routes that could have the job most cheaply, by when they end and how near they come. */
function candidates({ problem }: Prepared, routes: readonly Route[], jobIndex: number): readonly number[] {
  if (routes.length <= CANDIDATE_ROUTES) return routes.map((_, index) => index)
  const { placeIndex } = problem.jobs[jobIndex]!
  const own = problem.previous.get(problem.jobs[jobIndex]!.id)?.robotId
  const score = (route: Route) => {
    if (problem.robots[route.robotIndex]!.id === own) return -Infinity
    let wayMs = Infinity
    for (const state of route.states) wayMs = Math.min(wayMs, problem.travel.ms(state.placeIndex, placeIndex))
    return route.states.at(-1)!.atMs + wayMs
  }
  const scores = routes.map(score)
  return routes
    .map((_, index) => index)
    .toSorted((a, b) => scores[a]! - scores[b]! || a - b)
    .slice(0, CANDIDATE_ROUTES)
}

/**
 * Puts jobs into routes, in each turn the one that would lose most by not getting its best route (regret, Potvin and
 * Rousseau 1993). What fits nowhere, or costs more than not being done, is left over.
 *
 * @param routes changed in place
 * @returns the jobs left over
 */
export function insertByRegret(
  prepared: Prepared,
  routes: Route[],
  jobs: readonly number[],
  frozen: readonly number[],
): number[] {
  const { problem } = prepared
  const offers = jobs.map((jobIndex) => ({
    jobIndex,
    places: new Map(
      candidates(prepared, routes, jobIndex).map((index) => [
        index,
        bestPlace(prepared, routes[index]!, jobIndex, frozen[index]!),
      ]),
    ),
  }))
  const leftOver: number[] = []
  while (offers.length > 0) {
    let chosen = -1
    let chosenRegret = -Infinity
    let chosenRoute = -1
    let chosenPlace = NOWHERE
    for (const [at, { jobIndex, places }] of offers.entries()) {
      const unmet = problem.weights.unmet[problem.jobs[jobIndex]!.priority]
      let first = NOWHERE
      let firstRoute = -1
      let second = unmet
      for (const [index, place] of places) {
        if (place.cost < first.cost) {
          second = Math.min(second, first.cost)
          first = place
          firstRoute = index
        } else if (place.cost < second) second = place.cost
      }
      const regret = first.cost >= unmet ? -1e15 : second - first.cost
      if (regret > chosenRegret || (regret === chosenRegret && first.cost < chosenPlace.cost)) {
        chosen = at
        chosenRegret = regret
        chosenRoute = first.cost >= unmet ? -1 : firstRoute
        chosenPlace = first
      }
    }
    const [{ jobIndex }] = offers.splice(chosen, 1) as [(typeof offers)[number]]
    const route = routes[chosenRoute]
    if (route === undefined) {
      leftOver.push(jobIndex)
      continue
    }
    const { position } = chosenPlace
    routes[chosenRoute] = rerouted(prepared, route, position, [jobIndex, ...route.jobs.slice(position)])!
    for (const { jobIndex: other, places } of offers) {
      if (places.has(chosenRoute))
        places.set(chosenRoute, bestPlace(prepared, routes[chosenRoute]!, other, frozen[chosenRoute]!))
    }
  }
  return leftOver
}
