/** 25.6 V lithium iron phosphate, 80 Ah: a disinfection robot's pack of about 2 kWh [proposed]. */
const CAPACITY_WH = 2048
const CHARGER_W = 700
const IDLE_W = 60
/** Driving at full speed, above idling. */
const DRIVE_W = 120
/** UV-C out of a low-pressure mercury tube against the power into its ballast: about 0.31. */
const LAMP_EFFICIENCY = 0.31

/** A battery by its energy: what is drawn, and what a dock puts in. */
export class Battery {
  #energyWh: number
  #isCharging = false
  #isOnCharger = false
  #powerW = -IDLE_W

  /** @param fraction 0 empty to 1 full. */
  constructor(fraction: number) {
    this.#energyWh = Math.min(1, Math.max(0, fraction)) * CAPACITY_WH
  }

  get fraction(): number {
    return this.#energyWh / CAPACITY_WH
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
    this.#energyWh = Math.min(CAPACITY_WH, Math.max(0, this.#energyWh + (this.#powerW * stepS) / 3600))
  }
}
