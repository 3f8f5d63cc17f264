/**
 * A discovery payload as Home Assistant has it after its own expanding (homeassistant/components/mqtt 2026.11:
 * `_replace_all_abbreviations` and `_merge_common_device_options` of discovery.py, `SHARED_OPTIONS` of schemas.py), with
 * what it would refuse. Written after its source and not after ours. Typed like `JSON.parse`.
 */
export function asHomeAssistant(payload: string): ReturnType<typeof JSON.parse> {
  const content = longNames(JSON.parse(payload), OPTIONS);
  expand(content);
  if (isObject(content.origin)) content.origin = longNames(content.origin, ORIGIN_OPTIONS);
  if (isObject(content.device)) content.device = longNames(content.device, DEVICE_OPTIONS);
  if (!isObject(content.components)) return content;
  refuseUnknown(content, ROOT);
  const components = Object.entries(content.components).map(([key, each]) => {
    if (!isObject(each)) return [key, each];
    const component = longNames(each, OPTIONS);
    expand(component);
    refuseUnknown(component, COMPONENT);
    // What has nothing but its platform is removed, and inherits nothing.
    if (Object.keys(component).length > 1)
      for (const option of SHARED)
        if (option in content && !(option in component)) component[option] = content[option];
    return [key, component];
  });
  return { ...content, components: Object.fromEntries(components) };
}

type Options = Record<string, unknown>;

/** ABBREVIATIONS of abbreviations.py, as far as a sensor, a binary sensor or a button has the option. */
const OPTIONS: Readonly<Record<string, string>> = {
  avty: 'availability',
  avty_mode: 'availability_mode',
  avty_t: 'availability_topic',
  avty_tpl: 'availability_template',
  cmd_t: 'command_topic',
  cmd_tpl: 'command_template',
  cmps: 'components',
  def_ent_id: 'default_entity_id',
  dev: 'device',
  dev_cla: 'device_class',
  e: 'encoding',
  en: 'enabled_by_default',
  ent_cat: 'entity_category',
  evt_typ: 'event_types',
  exp_aft: 'expire_after',
  frc_upd: 'force_update',
  ic: 'icon',
  json_attr_t: 'json_attributes_topic',
  json_attr_tpl: 'json_attributes_template',
  lrst_val_tpl: 'last_reset_value_template',
  name: 'name',
  o: 'origin',
  off_dly: 'off_delay',
  ops: 'options',
  p: 'platform',
  pl_avail: 'payload_available',
  pl_not_avail: 'payload_not_available',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  pl_prs: 'payload_press',
  ret: 'retain',
  stat_cla: 'state_class',
  stat_t: 'state_topic',
  sug_dsp_prc: 'suggested_display_precision',
  t: 'topic',
  uniq_id: 'unique_id',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
  vis: 'visible_by_default',
};

const DEVICE_OPTIONS: Readonly<Record<string, string>> = {
  cns: 'connections',
  cu: 'configuration_url',
  ids: 'identifiers',
  mf: 'manufacturer',
  mdl: 'model',
  mdl_id: 'model_id',
  hw: 'hw_version',
  sw: 'sw_version',
  sa: 'suggested_area',
  sn: 'serial_number',
};

const ORIGIN_OPTIONS: Readonly<Record<string, string>> = { sw: 'sw_version', url: 'support_url' };

const SHARED = [
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'command_topic',
  'encoding',
  'message_expiry_interval',
  'payload_available',
  'payload_not_available',
  'state_topic',
  'qos',
];
const ROOT = [...SHARED, 'device', 'origin', 'components', 'child_devices'];
const COMPONENT = [...Object.values(OPTIONS), 'qos', 'message_expiry_interval'];

function expand(options: Options): void {
  if (Array.isArray(options.availability))
    options.availability = options.availability.map((entry) => longNames(entry, OPTIONS));
}

function longNames(options: Options, names: Readonly<Record<string, string>>): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value]));
}

/** The root refuses such an option; of a component it would be lost. */
function refuseUnknown(options: Options, known: readonly string[]): void {
  const unknown = Object.keys(options).filter((option) => !known.includes(option));
  if (unknown.length > 0) throw new Error(`Home Assistant knows no ${unknown.join(', ')}`);
}

function isObject(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
