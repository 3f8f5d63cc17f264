import { asHomeAssistant } from './as-home-assistant.ts';

interface Announcement {
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly migrate_discovery?: true;
}

/**
 * What Home Assistant makes of the discovery messages of one device (mqtt/discovery.py): an entity belongs to the topic
 * that announced it first, a second topic is ignored, the marker lets go, and an empty payload takes away what belongs to
 * its topic.
 */
export class DiscoveredEntities {
  /** Key of the entity -> the topic that it belongs to. */
  readonly owners = new Map<string, string>();
  /** Keys of entities that were taken away with their settings and names. */
  readonly lost: string[] = [];
  /** Keys of entities that were let go of and that nobody has announced again yet. */
  readonly released = new Set<string>();

  hear(topic: string, payload: string): void {
    const [, platform, , key = ''] = topic.split('/');
    const announced: Announcement = asHomeAssistant(payload || '{}');
    if (announced.migrate_discovery) this.letGo(topic);
    else if (payload === '') for (const each of this.of(topic)) this.lose(each);
    else if (platform !== 'device') this.announce(topic, key);
    else
      for (const [each, config] of Object.entries(announced.components ?? {})) {
        if (Object.keys(config).length > 1) this.announce(topic, each);
        else if (this.owners.get(each) === topic) this.lose(each);
      }
  }

  private of(topic: string): readonly string[] {
    return [...this.owners].filter(([, owner]) => owner === topic).map(([key]) => key);
  }

  private announce(topic: string, key: string): void {
    if (!this.owners.has(key)) this.owners.set(key, topic);
    this.released.delete(key);
  }

  private letGo(topic: string): void {
    for (const key of this.of(topic)) {
      this.owners.delete(key);
      this.released.add(key);
    }
  }

  private lose(key: string): void {
    this.owners.delete(key);
    this.lost.push(key);
  }
}
