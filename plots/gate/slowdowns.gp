# How B compares with A in every cell, with bounds, the most important cells first; the dashed line is the tolerance
# place: 20
if (cells > 1) {
	label_width = 30 + 8.2 * (cell_longest < 48 ? cell_longest : 48)
	rows_height = cells * 26 + 10
	eval canvas(label_width + 620, heading_height + rows_height + 70 + 34)
	of_rank(r, value) = int(column(5)) == r ? value : NaN
	array seen[6]
	do for [r = 0 : 5] { seen[r + 1] = 0 }
	stats 'slowdowns.tsv' using (seen[int($5) + 1] = 1, $3) name 'low' nooutput
	stats 'slowdowns.tsv' using 4 name 'high' nooutput
	left = low_min < 0 ? low_min : 0
	right = high_max > tolerance ? high_max : tolerance
	room = 0.06 * (right - left)

	set multiplot
	set lmargin at screen label_width / W
	set rmargin at screen (label_width + 600.) / W
	set tmargin at screen 1 - (heading_height + 6.) / H
	set bmargin at screen 1 - (heading_height + 6. + rows_height) / H
	set border 1
	set grid noytics
	set yrange [cells + 0.7 : 0.3]
	eval row_names('cell', 48)
	set xrange [left - room : right + room]
	set format x '%g'
	set xlabel (by_instructions ? 'more instructions (%)' : 'slow-down of B against A (%)') textcolor rgb ink
	set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb faint lw 1.2 back
	set arrow 2 from tolerance, graph 0 to tolerance, graph 1 nohead lc rgb ink dt 2 lw 1.4 back
	unset key
	plot for [r = 1 : 4] 'slowdowns.tsv' using (of_rank(r, $2)):1:3:4 with xerrorbars lc rgb verdict_colour(r) lw 2 pt int(word(verdict_shapes, r + 1)) ps 1.4 * mark(format)
	eval heading((by_instructions ? 'Instructions' : 'Slow-down') . (all_cells > cells ? sprintf(' (%d of %d cells)', cells, all_cells) : ' of each cell'))
	unset arrow 1; unset arrow 2
	unset lmargin; unset rmargin; unset tmargin; unset bmargin
	eval place(0, rows_height + 70, W, 34)
	unset title; unset border; unset tics; unset grid; unset xlabel; unset ylabel
	set xrange [0 : 1]
	set yrange [0 : 1]
	set lmargin 2; set rmargin 0; set tmargin 0; set bmargin 0
	set key at graph 0, graph 1 left top Left reverse maxrows 1 samplen 2.5 width 2
	plot -1 with lines notitle, \
		for [r = 1 : 4] keyentry with linespoints lc rgb verdict_colour(r) lw 2 pt int(word(verdict_shapes, r + 1)) ps 1.4 * mark(format) title (seen[r + 1] ? verdict(r) : ''), \
		keyentry with lines lc rgb ink dt 2 lw 1.4 title sprintf('tolerance, %g %%', tolerance)
	unset multiplot
}
