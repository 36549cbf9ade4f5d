# What inter-process communication costs (dispatch and copy): its share of workers x wall time, and the time for an item
# place: 20
if (series > 0 && share_most > 0) {
	columns = panels < 3 ? panels : 3
	lines = (panels + columns - 1) / columns
	width = panels == 1 ? 400 : 360
	height = 320
	# One workload: the two quantities side by side. More: one above the other for each workload.
	across = panels == 1 ? 2 : columns
	down = panels == 1 ? 1 : 2 * lines
	whole = down * height > legend_height(0) ? down * height : legend_height(0)
	height = panels == 1 ? whole : height
	eval canvas(across * width + legend_width, heading_height + whole)
	item_log = item_least > 0 && item_most > 20 * item_least

	set multiplot
	eval x_axis
	unset key
	set lmargin 10
	do for [p = 1 : panels] {
		do for [quantity = 0 : 1] {
			column = panels == 1 ? quantity : (p - 1) % columns
			line = panels == 1 ? 0 : 2 * ((p - 1) / columns) + quantity
			eval place(column * width, line * height, width, height)
			if (panels > 1) { set title panel_names[p] noenhanced textcolor rgb ink }
			unset logscale y
			set ylabel (quantity ? 'for an item (µs)' : 'share of workers × wall time (%)') textcolor rgb ink
			set yrange [0 : *]
			if (quantity && item_log) {
				set logscale y
				set yrange [item_least / 2. : item_most * 2]
			}
			set format y '%g'
			k = quantity ? 10 : 7
			plot for [s = 1 : series] 'points.tsv' using (own(x_of($3, s))):(own(column(k))) with lines lc rgb colour(s) dt dash(s) lw 2 \
					title series_names[s], \
				for [s = 1 : series] 'points.tsv' using (own(x_of($3, s))):(own(column(k))):k + 1:k + 2 \
					with yerrorbars lc rgb colour(s) lw 1.6 pt shape(s) ps mark(format) title series_names[s]
		}
	}
	eval heading('IPC overhead: dispatch and copy')
	eval legend(across * width, 10, legend_width, whole - 10)
	plot -1 with lines notitle, \
		for [s = 1 : series] keyentry with linespoints lc rgb colour(s) dt dash(s) lw 2 pt shape(s) ps mark(format) title shorten(series_names[s], legend_most), \
		for [i = 0 : rest_entries] keyentry with points lc rgb 'white' ps 0 title rest_title(i)
	unset multiplot
}
