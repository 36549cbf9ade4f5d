# Where workers x wall time went in each cell; parts left of zero took less than in the sequential baseline
# place: 30
if (bars > 0) {
	known = 'useful inflation idle dispatch copy spawn teardown lock starve run_queue blocked stolen unexplained other'
	known_colours = '#0072B2 #D55E00 #c4c4c4 #E69F00 #CC79A7 #009E73 #56B4E9 #F0E442 #8C6D31 #882255 #332288 #999933 #000000 #8a8a8a'
	part_colour(name) = (found = '#8a8a8a', (sum [i = 1:words(known)] (word(known, i) eq name ? (found = word(known_colours, i), 1) : 0)), found)
	readable(name) = name eq 'run_queue' ? 'run queue' : name

	label_width = 30 + 8.2 * (bar_longest < 40 ? bar_longest : 40)
	bars_height = bars * 26
	key_height = 20 + parts * 24
	height = bars_height + 60 > key_height ? bars_height + 60 : key_height
	eval canvas(label_width + 520 + 150, heading_height + height + 10)
	set multiplot
	set lmargin at screen label_width / W
	set rmargin at screen (label_width + 510) / W
	set tmargin at screen 1 - (heading_height + 6.) / H
	set bmargin at screen 1 - (heading_height + 6. + bars_height) / H
	set style fill solid 1 noborder
	set border 1
	set grid noytics
	set yrange [bars + 0.6 : 0.4]
	eval row_names('bar', 40)
	set xrange [(account_left < -0.5 ? floor(account_left / 5) * 5 : 0) : (account_right > 100.5 ? ceil(account_right / 5) * 5 : 100)]
	set xtics format '%g' # gnuplot's own format begins with a blank
	set xlabel 'share of workers × wall time (%)' textcolor rgb ink
	unset key
	plot for [part = 1 : parts] 'account.tsv' using ($2 == part ? ($3 + $4) / 2 : NaN):1:3:4:($1 - 0.36):($1 + 0.36) \
			with boxxyerror lc rgb part_colour(part_names[part]) title readable(part_names[part]), \
		'account.tsv' using ($2 == 1 && $4 - $3 >= 8 ? ($3 + $4) / 2 : NaN):1:(sprintf('%.1f %%', $4 - $3)) \
			with labels textcolor rgb 'white' title 'useful'
	eval heading('Where workers × wall time went' . (all_bars > bars ? sprintf(' (best %d of %d cells)', bars, all_bars) : ''))
	eval legend(label_width + 530, 0, 140, height)
	plot -1 with lines notitle, \
		for [part = 1 : parts] keyentry with boxes lc rgb part_colour(part_names[part]) title readable(part_names[part])
	unset multiplot
}
