/** The minor version of the oldest blackbox_exporter that is compared. */
export const oldest = 23
