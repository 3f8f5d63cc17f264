/**
 * Tells Home Assistant that what this topic announced goes on at another one: it lets go of the entities and keeps their
 * names, settings and history. The key must be alone.
 */
export const MIGRATION_MARKER = JSON.stringify({ migrate_discovery: true });
