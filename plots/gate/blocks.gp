# The runs in the order of running, each relative to the median of A in its block; the band is the slow-down with its bounds
# place: 10
if (panels > 0) {
	columns = panels == 1 ? 1 : 2
	lines = (panels + columns - 1) / columns
	width = panels == 1 ? 900 : 560
	height = panels == 1 ? 400 : 250
	legend_height = 64
	title_of(p, rank) = shorten(panel_names[p], (panels == 1 ? 100 : 62) - strlen(verdict(rank))) . ': ' . verdict(rank)
	own(value) = column(1) == p ? value : NaN
	of_side(s, value) = column(1) == p && column(3) == s ? value : NaN
	inside(s) = column(5) + column(6) == 0 ? of_side(s, $4) : NaN

	array ends[panels]
	array least[panels]
	array most[panels]
	array theta[panels]
	array low[panels]
	array high[panels]
	array ranks[panels]
	stats 'panels.tsv' using (p = int($1), ends[p] = $2, least[p] = $3, most[p] = $4, theta[p] = $5, low[p] = $6, high[p] = $7, ranks[p] = int($8), 0) nooutput
	array seen[4]
	do for [s = 1 : 4] { seen[s] = 0 }
	beyond = 0
	stats 'runs.tsv' using (seen[int($3)] = 1, beyond = beyond + $5 + $6, 0) nooutput

	eval canvas(columns * width, heading_height + lines * height + legend_height)
	set multiplot
	set grid noxtics
	unset key
	set style fill solid 1 noborder
	set ylabel "% from A's median" textcolor rgb ink
	set lmargin 9
	set rmargin 2
	do for [p = 1 : panels] {
		eval place(((p - 1) % columns) * width, ((p - 1) / columns) * height, width, height)
		set title title_of(p, ranks[p]) noenhanced textcolor rgb verdict_colour(ranks[p])
		set xrange [0.5 : ends[p] + 0.5]
		set yrange [least[p] : most[p]]
		set xtics autofreq
		set format y '%g'
		set xlabel (p > panels - columns ? 'run, in the order of time; lines divide the blocks' : '') textcolor rgb ink
		plot 'blocks.tsv' using (own($4 == 1 ? ($2 + $3) / 2 : NaN)):(0):2:3:(least[p]):(most[p]) with boxxyerror lc rgb '#f1f1f1', \
			'panels.tsv' using (own($2 / 2)):5:(0.5):($2 + 0.5):(low[p]):(high[p]) with boxxyerror lc rgb '#f9d9c0', \
			'blocks.tsv' using (own($3)):(least[p]):(0):(most[p] - least[p]) with vectors nohead lc rgb '#e2e2e2' lw 1, \
			0 with lines lc rgb faint lw 1.2, \
			theta[p] with lines lc rgb '#D55E00' lw 2, \
			tolerance with lines lc rgb ink dt 2 lw 1.4, \
			for [s = 1 : 4] 'runs.tsv' using (of_side(5 - s, $2)):(inside(5 - s)) with points lc rgb word(side_colours, 5 - s) pt int(word(side_shapes, 5 - s)) ps mark(format), \
			for [s = 1 : 4] 'runs.tsv' using (of_side(s, $5 == 1 ? $2 : NaN)):(most[p] - 0.03 * (most[p] - least[p])) with points lc rgb word(side_colours, s) pt 8 ps mark(format), \
			for [s = 1 : 4] 'runs.tsv' using (of_side(s, $6 == 1 ? $2 : NaN)):(least[p] + 0.03 * (most[p] - least[p])) with points lc rgb word(side_colours, s) pt 10 ps mark(format)
	}
	eval heading(all_panels > panels ? sprintf('Blocks of runs (%d of %d cells)', panels, all_panels) : 'Blocks of runs')
	eval place(0, lines * height + 8, columns * width, legend_height - 8)
	unset title; unset border; unset tics; unset grid; unset xlabel; unset ylabel
	set xrange [0 : 1]
	set yrange [0 : 1]
	set lmargin 2; set rmargin 0; set tmargin 0; set bmargin 0
	set key vertical maxrows 2 at graph 0, graph 1 left top Left reverse samplen 2.5 width 2 spacing (format eq 'svg' ? 1.0 : 1.35)
	plot -1 with lines notitle, \
		for [s = 1 : 4] keyentry with points lc rgb word(side_colours, s) pt int(word(side_shapes, s)) ps mark(format) title (seen[s] ? side_title(s) : ''), \
		keyentry with points lc rgb ink pt 8 ps mark(format) title (beyond > 0 ? 'beyond the edge' : ''), \
		keyentry with lines lc rgb '#D55E00' lw 2 title 'slow-down', \
		keyentry with boxes lc rgb '#f9d9c0' title 'its bounds', \
		keyentry with lines lc rgb ink dt 2 lw 1.4 title sprintf('tolerance, %g %%', tolerance)
	unset multiplot
}
