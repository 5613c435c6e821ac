/** Makes ids of names: letters, digits, `_`, `.` and `-` only, each given out once. */
export function createIdSource(): (name: string) => string {
  const taken = new Set<string>()
  return (name) => {
    const plain =
      name
        .normalize('NFKD')
        .replaceAll(/\p{Mark}/gu, '')
        .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
        .replaceAll(/^_+|_+$/g, '') || 'unnamed'
    let id = plain
    for (let count = 2; taken.has(id); count += 1) id = `${plain}-${count}`
    taken.add(id)
    return id
  }
}
