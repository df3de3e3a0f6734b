import { init, type EChartsOption } from 'echarts';

/** A picture of a section. */
export interface Plot {
	/** Of its file, without the ending. */
	name: string;
	/** What it shows, for those who do not see it. */
	alt: string;
	svg: string;
}

export interface Bars {
	name: string;
	title: string;
	/** What the length of a bar stands for. */
	unit: string;
	categories: string[];
	/** By the name of what is compared: one value for each category, or null. */
	series: Record<string, (number | null)[]>;
	isLogarithmic?: boolean;
}

const SIZE = { width: 760, height: 380 };

/** Bars beside each other, drawn without a browser. */
export function barPlot({ name, title, unit, categories, series, isLogarithmic }: Bars): Plot {
	const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
	const option: EChartsOption = {
		animation: false,
		backgroundColor: '#ffffff',
		title: { text: title, left: 'center' },
		legend: { bottom: 0 },
		grid: { top: 60, bottom: 60, left: 70, right: 20 },
		xAxis: { type: 'category', data: categories },
		yAxis: { type: isLogarithmic ? 'log' : 'value', name: unit },
		series: Object.entries(series).map(([label, data]) => ({ type: 'bar', name: label, data })),
	};
	chart.setOption(option);
	const svg = chart.renderToSVGString();
	chart.dispose();
	return { name, alt: title, svg };
}
