/** Who may see what. `address`: the other side's, as the socket has it. */
export type Access = (address: string, path: string) => boolean;

/** The page for ingress only; from this machine itself, only whether the program is alive. */
export function ingressOnly(ingress: string): Access {
  return (address, path) => {
    const plain = plainAddress(address);
    return plain === ingress || (path === '/healthz' && isLoopback(plain));
  };
}

/** Whoever reaches the port; the address that it listens at decides who can. */
export const everyone: Access = () => true;

/** A socket that takes both families writes IPv4 as `::ffff:127.0.0.1`. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address);
}
