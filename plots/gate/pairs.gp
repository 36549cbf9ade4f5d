# What each pair says of B against A, in the order of time; the band is the slow-down with its bounds
# place: 5
if (pair_panels > 0) {
	columns = pair_panels == 1 ? 1 : 2
	lines = (pair_panels + columns - 1) / columns
	width = pair_panels == 1 ? 900 : 560
	height = pair_panels == 1 ? 400 : 250
	title_of(p, rank) = shorten(pair_panel_names[p], (pair_panels == 1 ? 100 : 62) - strlen(verdict(rank))) . ': ' . verdict(rank) . (rare[p] ? ', in some rounds only' : '')
	own(value) = column(1) == p ? value : NaN
	of_kind(k, value) = column(1) == p && column(3) == k ? value : NaN
	inside(k) = column(5) + column(6) == 0 ? of_kind(k, $4) : NaN
	beside(k) = k == 2 ? 0.25 : k == 3 ? -0.25 : 0

	array ends[pair_panels]
	array least[pair_panels]
	array most[pair_panels]
	array theta[pair_panels]
	array low[pair_panels]
	array high[pair_panels]
	array ranks[pair_panels]
	array mean[pair_panels]
	array rare[pair_panels]
	means = 0
	stats 'pair_panels.tsv' using (p = int($1), ends[p] = $2, least[p] = $3, most[p] = $4, theta[p] = $5, low[p] = $6, high[p] = $7, ranks[p] = int($8), mean[p] = $9, rare[p] = int($10), means = means + ($9 == $9), 0) nooutput
	array seen[3]
	do for [k = 1 : 3] { seen[k] = 0 }
	beyond = 0
	stats 'pairs.tsv' using (seen[int($3)] = 1, beyond = beyond + $5 + $6, 0) nooutput
	legend_rows = seen[1] + seen[2] + seen[3] + (beyond > 0) + (means > 0) + 3 > 6 ? 3 : 2
	legend_height = 8 + 28 * legend_rows

	eval canvas(columns * width, heading_height + lines * height + legend_height)
	set multiplot
	set grid noxtics
	unset key
	set style fill solid 1 noborder
	set ylabel "B against A (%)" textcolor rgb ink
	set lmargin 9
	set rmargin 2
	do for [p = 1 : pair_panels] {
		eval place(((p - 1) % columns) * width, ((p - 1) / columns) * height, width, height)
		set title title_of(p, ranks[p]) noenhanced textcolor rgb verdict_colour(ranks[p])
		set xrange [0.5 : ends[p] + 0.5]
		set yrange [least[p] : most[p]]
		set xtics 1, (ends[p] > 12 ? 4 : 1)
		set format y '%g'
		set xlabel (p > pair_panels - columns ? 'pair, in the order of time' : '') textcolor rgb ink
		plot 'pair_panels.tsv' using (own($2 / 2)):5:(0.5):($2 + 0.5):6:7 with boxxyerror lc rgb '#f9d9c0', \
			0 with lines lc rgb faint lw 1.2, \
			theta[p] with lines lc rgb '#D55E00' lw 2, \
			mean[p] with lines lc rgb pair_colour(3) lw 1.6 dt 3, \
			tolerance with lines lc rgb ink dt 2 lw 1.4, \
			for [k = 1 : 3] 'pairs.tsv' using (of_kind(4 - k, $2 + beside(4 - k))):(inside(4 - k)) with points lc rgb pair_colour(4 - k) pt int(word(pair_shapes, 4 - k)) ps mark(format), \
			for [k = 1 : 3] 'pairs.tsv' using (of_kind(k, $5 == 1 ? $2 + beside(k) : NaN)):(most[p] - 0.03 * (most[p] - least[p])) with points lc rgb pair_colour(k) pt 8 ps mark(format), \
			for [k = 1 : 3] 'pairs.tsv' using (of_kind(k, $6 == 1 ? $2 + beside(k) : NaN)):(least[p] + 0.03 * (most[p] - least[p])) with points lc rgb pair_colour(k) pt 10 ps mark(format)
	}
	eval heading(all_pair_panels > pair_panels ? sprintf('Pairs of processes that took turns (%d of %d cells)', pair_panels, all_pair_panels) : 'Pairs of processes that took turns')
	eval place(0, lines * height + 8, columns * width, legend_height - 8)
	unset title; unset border; unset tics; unset grid; unset xlabel; unset ylabel
	set xrange [0 : 1]
	set yrange [0 : 1]
	set lmargin 2; set rmargin 0; set tmargin 0; set bmargin 0
	set key vertical maxrows legend_rows at graph 0, graph 1 left top Left reverse samplen 2.5 width 2 spacing (format eq 'svg' ? 1.0 : 1.35)
	plot -1 with lines notitle, \
		for [k = 1 : 3] keyentry with points lc rgb pair_colour(k) pt int(word(pair_shapes, k)) ps mark(format) title (seen[k] ? pair_title(k) : ''), \
		keyentry with points lc rgb ink pt 8 ps mark(format) title (beyond > 0 ? 'beyond the edge' : ''), \
		keyentry with lines lc rgb '#D55E00' lw 2 title 'slow-down', \
		keyentry with boxes lc rgb '#f9d9c0' title 'its bounds', \
		keyentry with lines lc rgb pair_colour(3) lw 1.6 dt 3 title (means > 0 ? 'slow-down of means' : ''), \
		keyentry with lines lc rgb ink dt 2 lw 1.4 title sprintf('tolerance, %g %%', tolerance)
	unset multiplot
}
