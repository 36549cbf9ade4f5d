# Time of each cell relative to the baseline's, with 95 % intervals: one that reaches over 1 shows no change
# place: 10
if (cells > 0) {
	name_most = 44
	label_width = 30 + 8.2 * (cell_longest < name_most ? cell_longest : name_most)
	plot_width = 520
	text_width = 190
	row_height = 26
	bars_height = cells * row_height
	eval canvas(label_width + plot_width + text_width, heading_height + 30 + bars_height + 66)
	set lmargin at screen label_width / W
	set rmargin at screen (label_width + plot_width) / W
	set tmargin at screen 1 - (heading_height + 30.) / H
	set bmargin at screen 1 - (heading_height + 30. + bars_height) / H
	set border 1
	set logscale x
	set yrange [cells + 0.6 : 0.4]
	eval row_names('cell', name_most)
	set grid noytics

	# Room on both sides; ticks at steps that are as fine as the range is narrow.
	reach = log(ratio_most / ratio_least)
	reach = reach < 0.02 ? 0.02 : reach
	left = ratio_least * exp(-0.08 * reach)
	right = ratio_most * exp(0.08 * reach)
	set xrange [left : right]
	unset mxtics
	set xtics () out scale 0.5
	if (right / left > 8) {
		marks = right / left > 500 ? '1 3' : '1 2 5'
		do for [k = -6 : 6] { do for [m in marks] {
			at = m * 10. ** k
			if (at >= left && at <= right) { set xtics add (sprintf('%g', at) at) }
		} }
	} else {
		ideal = (right - left) / 7
		power = 10 ** floor(log10(ideal))
		step = power * (ideal / power < 1.5 ? 1 : ideal / power < 3.5 ? 2 : ideal / power < 7.5 ? 5 : 10)
		do for [k = ceil(left / step) : floor(right / step)] { set xtics add (sprintf('%g', k * step) k * step) }
	}
	set xlabel (runs == 1 ? 'time by that of the baseline cell (log scale)' : 'time by that of the baseline run (log scale)') textcolor rgb ink
	set arrow 1 from first 1, graph 0 to first 1, graph 1 nohead lc rgb ink lw 1.4 back
	set label 1 '◂ faster' at first 1, graph 1 right offset character -1, character 0.8 textcolor rgb direction_colour(-1)
	set label 2 'slower ▸' at first 1, graph 1 left offset character 1, character 0.8 textcolor rgb direction_colour(1)
	eval heading((runs == 1 ? 'Ways of running, by time' : 'What changed in time') . (all_cells > cells ? sprintf(' (the first %d of %d cells)', cells, all_cells) : ''))
	unset key
	of(sign, value) = column(5) == sign ? value : NaN
	plot for [sign = -1 : 1] 'ratios.tsv' using (of(sign, $2)):1:3:4 with xerrorbars lc rgb direction_colour(sign) lw 2 \
			pt (sign ? 7 : 6) ps 1.3 * mark(format), \
		'ratios.tsv' using (right):1:(sprintf('  %.3f (%.3f to %.3f)', $2, $3, $4)):($5 < 0 ? 0x0072B2 : $5 > 0 ? 0xD55E00 : 0x555555) \
			with labels left textcolor rgb variable font sprintf(',%g', size(12)) # one plot: gnuplot dies of labels without a point
}
