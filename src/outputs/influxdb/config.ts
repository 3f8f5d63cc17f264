import { defineOutput } from '../output.ts';

export interface InfluxdbConfig {
  readonly enabled: boolean;
  readonly url: string;
  /** Of InfluxDB 1.x; empty where `bucket` is set. */
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly org: string;
  /** Of InfluxDB 2.x and 3.x; empty where `database` is set. */
  readonly bucket: string;
  readonly token: string;
  readonly measurement: string;
  readonly tags: readonly Tag[];
  /** `published`: the meter's, or those of its `units`. `common`: kWh, kW, m³ and l/h, whatever the meter has. */
  readonly units: 'published' | 'common';
  /** Path of a PEM file with a certificate authority; empty: those that Node knows. */
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
}

/** A tag that the meter knows itself, or one with a value of the user's own. */
type Tag = { readonly key: string; readonly value?: string };

export const influxdb = defineOutput({ name: 'influxdb', label: 'InfluxDB', noun: 'point' });
