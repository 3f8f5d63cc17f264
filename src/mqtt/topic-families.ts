/**
 * Filters that cover a topic and its like, the widest first: all below each of its levels, then all that differ in one
 * level, such as the same topic of each meter.
 */
export function familiesOf(topic: string): readonly string[] {
  const levels = topic.split('/');
  const below = levels.slice(0, -1).map((_, at) => `${levels.slice(0, at + 1).join('/')}/#`);
  const beside = levels.map((_, at) => levels.map((level, each) => (each === at ? '+' : level)).join('/'));
  return [...below, ...(levels.length > 1 ? beside : [])];
}

/** `topic` may be a filter itself, which stands for what is listened to. */
export function covers(family: string, topic: string): boolean {
  if (family.endsWith('/#')) return topic.startsWith(family.slice(0, -1));
  const [wanted, levels] = [family.split('/'), topic.split('/')];
  return wanted.length === levels.length && wanted.every((each, at) => each === '+' || each === levels[at]);
}
