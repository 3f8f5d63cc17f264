/** Where an add-on writes its CSV files: in Home Assistant's folder `share`, which people reach over Samba. */
export const ADDON_CSV_FOLDER = '/share/multical2mqtt';
