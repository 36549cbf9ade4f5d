# Speedup over the number of workers, each workload against its own sequential baseline, with intervals (95 % where there were enough processes)
# place: 10
if (series > 0 && speedup_most > 0) {
	columns = panels < 3 ? panels : 3
	lines = (panels + columns - 1) / columns
	width = panels == 1 ? 560 : 400
	height = panels == 1 ? 400 : 320
	whole = lines * height > legend_height(2) ? lines * height : legend_height(2)
	height = panels == 1 ? whole : height
	eval canvas(columns * width + legend_width, heading_height + whole)
	both_log = many_workers && speedup_most > 8
	far_apart = speedup_least > 0 && speedup_most > 30 * speedup_least # slow workloads would lie on the axis
	reach = workers_most < 1.7 * speedup_most ? workers_most : 1.7 * speedup_most # of the dashed line
	top = 1.15 * (speedup_most > reach ? speedup_most : reach)
	top = top < 1.5 ? 1.5 : top

	set multiplot
	eval x_axis
	set ylabel 'speedup (sequential = 1)' textcolor rgb ink
	if (far_apart) {
		set logscale y
		set yrange [speedup_least / 2 : top * 1.5]
		set format y '%g'
	} else { if (both_log) {
		set logscale y 2
		set yrange [(speedup_least < 1 ? speedup_least / 1.4 : 0.7) : top * 1.2]
	} else {
		set yrange [0 : top]
	} }
	unset key
	do for [p = 1 : panels] {
		eval place(((p - 1) % columns) * width, ((p - 1) / columns) * height, width, height)
		if (panels > 1) { set title panel_names[p] noenhanced textcolor rgb ink }
		plot (one_count ? workers_most : x) with lines lc rgb faint dt 2 lw 1.5 title 'perfect scaling', \
			1 with lines lc rgb faint lw 1.2 title 'sequential', \
			for [s = 1 : series] 'points.tsv' using (own(x_of($3, s))):(own($4)) with lines lc rgb colour(s) dt dash(s) lw 2 \
				title series_names[s], \
			for [s = 1 : series] 'points.tsv' using (own(x_of($3, s))):(own($4)):5:6 \
				with yerrorbars lc rgb colour(s) lw 1.6 pt shape(s) ps mark(format) title series_names[s]
	}
	eval heading('Speedup over workers')
	eval legend(columns * width, 10, legend_width, whole - 10)
	plot -1 with lines notitle, \
		for [s = 1 : series] keyentry with linespoints lc rgb colour(s) dt dash(s) lw 2 pt shape(s) ps mark(format) title shorten(series_names[s], legend_most), \
		keyentry with lines lc rgb faint dt 2 lw 1.5 title 'perfect scaling', \
		keyentry with lines lc rgb faint lw 1.2 title 'sequential', \
		for [i = 0 : rest_entries] keyentry with points lc rgb 'white' ps 0 title rest_title(i)
	unset multiplot
}
