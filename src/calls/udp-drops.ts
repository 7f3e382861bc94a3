/**
 * How many datagrams the kernel has dropped because the buffer of a socket was full.
 *
 * @param table `/proc/net/udp` or `/proc/net/udp6`: `sl local_address ... drops`, see proc_net_udp(5); the last column
 *   counts drops. Ports are hexadecimal.
 * @param port Sockets that are bound to it are added up.
 */
export function udpDrops(table: string, port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  let drops = 0
  for (const line of table.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/)
    if (columns[1]?.endsWith(suffix) === true) drops += Number(columns.at(-1)) || 0
  }
  return drops
}
