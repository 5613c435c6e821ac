/** A seeded source of randomness: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Normally distributed with mean 0 and the given standard deviation. */
  gaussian(standardDeviation: number): number
  /** Uniform integer in [0, count). */
  integer(count: number): number
  /** An independent stream by name, so that a new consumer does not shift the numbers of the others. */
  fork(name: string): Random
}

/** @param seed any integer; only its lower 32 bits count. */
export function createRandom(seed: number): Random {
  // sfc32 (Chris Doty-Humphrey's PractRand): passes PractRand and BigCrush, four words of state.
  let a = 0x9e3779b9 | 0
  let b = 0x243f6a88 | 0
  let c = seed | 0
  let counter = 1
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let round = 0; round < 12; round += 1) next()
  let spare: number | null = null
  return {
    uniform: next,
    gaussian(standardDeviation) {
      if (spare !== null) {
        const value = spare
        spare = null
        return value * standardDeviation
      }
      // Box–Muller; 1 - u keeps the logarithm's argument above zero.
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      const angle = 2 * Math.PI * next()
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle) * standardDeviation
    },
    integer: (count) => Math.floor(next() * count),
    fork: (name) => createRandom(hashText(`${seed}/${name}`)),
  }
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash
}
