/** How much of n8n's database is at work. Its turns take no virtual time: see virtualTime.mts. */
export const databaseWork = { underWay: 0 };
