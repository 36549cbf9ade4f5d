# How long an item takes from submit to result: of 100 items 50 take at most p50 and 99 at most p99; of 1000 items 999 at most p99.9
# place: 40
if (latencies_p99 > 0) {
	label_width = 30 + 8.2 * (latency_longest < 40 ? latency_longest : 40)
	head = 34 # height of the headings of the columns
	rows_height = latencies * 26
	across = 94 # width of a column
	right = label_width + 430
	eval canvas(right + 4 * across + 40, heading_height + head + rows_height + 64)

	# The columns of latencies.tsv from the second on, and their looks: marks that lie upon each other stay visible.
	columns = "p50 p99 p99.9 'first result'"
	looks = '#0072B2 #E69F00 #D55E00 #8a8a8a'
	sizes = '1.2 1.7 2.2 1.4'
	look(i) = word(looks, i)
	shape(i) = i < 4 ? 7 : 12
	text_of(s) = s < 0.9995e-6 ? sprintf('%.3g ns', s * 1e9) : s < 0.9995e-3 ? sprintf('%.3g µs', s * 1e6) \
		: s < 0.9995 ? sprintf('%.3g ms', s * 1e3) : sprintf('%.3g s', s)

	set multiplot
	set tmargin at screen 1 - (heading_height + head * 1.) / H
	set bmargin at screen 1 - (heading_height + head * 1. + rows_height) / H
	set yrange [latencies + 0.6 : 0.4]
	unset key

	set lmargin at screen label_width / W
	set rmargin at screen right * 1. / W
	set border 1
	eval row_names('latency', 40)
	set logscale x
	set xtics ()
	set for [e = -9 : 4] xtics add (text_of(10. ** e) 10. ** e)
	set mxtics 10
	set xrange [10 ** floor(log10(latency_least)) : 1.001 * 10 ** ceil(log10(latency_most))]
	set grid xtics noytics
	set xlabel "latency; with apply and in_flight an item is submitted after a result, else all are at the start" noenhanced textcolor rgb ink
	plot 'latencies.tsv' using 2:1:2:(valid(4) ? $4 : valid(3) ? $3 : $2) with xerrorbars lc rgb '#b0b0b0' lw 3 pt -1, \
		for [i = 4 : 1 : -1] 'latencies.tsv' using (column(i + 1)):1 with points lc rgb look(i) pt shape(i) ps word(sizes, i) * mark(format)

	eval heading('Latency of an item, from submit to result' . (all_latencies > latencies ? sprintf(' (best %d of %d cells)', latencies, all_latencies) : ''))
	unset logscale
	unset xlabel
	unset border
	unset tics
	unset grid
	set lmargin at screen right * 1. / W
	set rmargin at screen (right + 4. * across) / W
	set xrange [0 : 4]
	do for [i = 1 : 4] {
		set label i word(columns, i) at first i - 0.14, graph 1 + 18. / rows_height right textcolor rgb ink
		set label 4 + i '' at first i - 0.04, graph 1 + 18. / rows_height point lc rgb look(i) pt shape(i) ps word(sizes, i) * mark(format)
	}
	plot for [i = 1 : 4] 'latencies.tsv' using (i - 0.14):1:(valid(i + 1) ? text_of(column(i + 1)) : '–') with labels right textcolor rgb ink
	unset multiplot
}
