/** How many database operations are in progress. They take no virtual time: see virtualTime.mts. */
export const databaseWork = { underWay: 0 };
