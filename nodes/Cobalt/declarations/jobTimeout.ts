/**
 * How long to wait for a job if the user sets no *Timeout*, in seconds: two minutes, and three for notes,
 * documents and live fetches (docs/api-notes.md, "What the documents do not say").
 */
export const JOB_TIMEOUT_SECONDS = { usual: 120, slow: 180 };
