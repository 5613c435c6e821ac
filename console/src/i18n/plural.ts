/** How a language writes numbers, and counted words after them. `locale`: a BCP 47 tag. */
export function numeralsOf(locale: string) {
  const numbers = new Intl.NumberFormat(locale)
  const plurals = new Intl.PluralRules(locale)
  return {
    numbers,
    count: (value: number, one: string, other: string): string =>
      `${numbers.format(value)} ${plurals.select(value) === 'one' ? one : other}`,
  }
}
