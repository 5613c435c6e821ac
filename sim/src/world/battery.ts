/** 25.6 V lithium iron phosphate, 80 Ah: a disinfection robot's pack of about 2 kWh [proposed]. */
export const DESIGN_CAPACITY_AH = 80
const DESIGN_WH = 2048
const CHARGER_W = 700
const IDLE_W = 60
/** Driving at full speed, above idling. */
const DRIVE_W = 120
/** UV-C out of a low-pressure mercury tube against the power into its ballast: about 0.31. */
const LAMP_EFFICIENCY = 0.31
/** Full cycles after which such cells hold 80 % of what they held when new: the figure of makers' data sheets [proposed]. */
const CYCLES_TO_80_PERCENT = 3000
/** What it loses for each watt hour drawn, of its design. */
const FADE_PER_WH = 0.2 / (CYCLES_TO_80_PERCENT * DESIGN_WH)

/** A battery by its energy: what is drawn, and what a dock puts in. It ages with what is drawn. */
export class Battery {
  #health: number
  #energyWh: number
  #isCharging = false
  #isOnCharger = false
  #powerW = -IDLE_W

  /** @param fraction 0 empty to 1 full. @param health what it holds against its design, 0 to 1 */
  constructor(fraction: number, health = 1) {
    this.#health = Math.min(1, Math.max(0.01, health))
    this.#energyWh = Math.min(1, Math.max(0, fraction)) * this.#fullWh
  }

  get #fullWh(): number {
    return this.#health * DESIGN_WH
  }

  get fraction(): number {
    return Math.min(1, this.#energyWh / this.#fullWh)
  }

  /** What it holds when full. */
  get capacityAh(): number {
    return this.#health * DESIGN_CAPACITY_AH
  }

  get isCharging(): boolean {
    return this.#isCharging
  }

  /** Current is there, taken or not: a full battery takes none. */
  get isOnCharger(): boolean {
    return this.#isOnCharger
  }

  /** Rest voltage of an 8-cell pack, falling a little with its charge. */
  get voltageV(): number {
    return 24 + 3 * this.fraction
  }

  /** Positive while charging. */
  get currentA(): number {
    return this.#powerW / this.voltageV
  }

  /** @param driveFraction speed against full speed; @param radiantW UV-C that the lamp gives off. */
  step(stepS: number, driveFraction: number, radiantW: number, isDocked: boolean): void {
    const drawnW = IDLE_W + DRIVE_W * driveFraction + radiantW / LAMP_EFFICIENCY
    this.#isOnCharger = isDocked
    this.#isCharging = isDocked && this.fraction < 1
    this.#powerW = (this.#isCharging ? CHARGER_W : 0) - (isDocked && !this.#isCharging ? 0 : drawnW)
    const energyWh = (this.#powerW * stepS) / 3600
    if (energyWh < 0) this.#health = Math.max(0.01, this.#health + energyWh * FADE_PER_WH)
    this.#energyWh = Math.min(this.#fullWh, Math.max(0, this.#energyWh + energyWh))
  }
}
