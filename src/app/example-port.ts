/** The port of `config.json` as it comes with the program: nobody has such a head. */
export function isExample(port: string): boolean {
  return port.includes('REPLACE-ME');
}

export function exampleAdvice(port: string): string {
  return `${port} is only the example that came with config.json. \`multical2mqtt ports\` lists the ports of this machine: put the one of your optical head in its place.`;
}
