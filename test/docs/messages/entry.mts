/** What the page says about messages that mean the same. */
export interface MessageEntry {
	/** As in the code, with `…` for what is put in. The first one is the heading, unless there is another. */
	messages: string[];
	heading?: string;
	meaning: string;
	/** Whether anything was written to the EHR or changed in Cobalt. */
	written: string;
	/** Only where the code puts it together: otherwise it is taken from there. */
	whatToDo?: string;
}

export interface MessageSection {
	heading: string;
	intro: string;
	entries: MessageEntry[];
}

export const NO = 'No.';

/** For requests that Cobalt may have accepted. */
export const SEE_BEGINNING =
	'A read: no. A write: not known, and then the message begins with _… may or may not have reached Cobalt_.';
