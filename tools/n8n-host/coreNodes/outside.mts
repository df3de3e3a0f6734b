import type { IDataObject } from 'n8n-workflow';

export interface Mail {
	to: string;
	subject: string;
	text: string;
}

/** A field of a page of n8n's form, as its JSON defines it. */
export interface FormField {
	fieldLabel: string;
	fieldOptions?: { values: { option: string }[] };
}

export interface SentRequest {
	/** ISO 8601. */
	at: string;
	method: string;
	url: string;
	body: unknown;
	headers: Record<string, string>;
}

/** The world that n8n's own nodes meet in a test: people, their mail, other systems, and n8n's data tables. */
export class Outside {
	readonly mails: Mail[] = [];

	/** The last pages that people saw of forms. */
	readonly endings: { title: string; message: string }[] = [];

	readonly requests: SentRequest[] = [];

	/** n8n's data tables, by their names. */
	readonly tables = new Map<string, IDataObject[]>();

	/** Whether the person who gets a question by mail approves. Undefined: there is no answer. */
	approves: boolean | undefined = true;

	/** Whether other systems cannot be reached. */
	isDown = false;

	/** What a person enters in a page of a form. By default, the first option of each field. */
	fillIn = (fields: FormField[]): IDataObject =>
		Object.fromEntries(
			fields.map(({ fieldLabel, fieldOptions }) => [fieldLabel, fieldOptions?.values[0]?.option]),
		);

	/** @throws if nobody has created it */
	table(name: string): IDataObject[] {
		const rows = this.tables.get(name);
		if (!rows) throw new Error(`Data table with name "${name}" not found`);
		return rows;
	}
}
