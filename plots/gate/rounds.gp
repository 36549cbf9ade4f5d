# Every round of the cells in which B is slower now and then, against A's undisturbed time in the same pair
# place: 8
if (round_panels > 0) {
	width = 900
	height = 300
	legend_height = 34
	of_side(s, value) = column(1) == p && column(3) == s ? value : NaN

	eval canvas(width, heading_height + round_panels * height + legend_height)
	set multiplot
	set grid noxtics
	unset key
	set ylabel "longer than A undisturbed (%)" textcolor rgb ink
	set xlabel 'pair, in the order of time' textcolor rgb ink
	set xtics 1
	set lmargin 9
	set rmargin 2
	do for [p = 1 : round_panels] {
		eval place(0, (p - 1) * height, width, height)
		set title shorten(round_panel_names[p], 90) noenhanced textcolor rgb ink
		set autoscale y
		set xrange [0.5 : *] noextend
		plot 0 with lines lc rgb faint lw 1.2, \
			for [s = 1 : 2] 'rounds.tsv' using (of_side(s, $2)):4 with points lc rgb word(side_colours, s) pt int(word(side_shapes, s)) ps 0.7 * mark(format)
	}
	eval heading('Every round of both sides')
	eval place(0, round_panels * height, width, legend_height)
	unset title; unset border; unset tics; unset grid; unset xlabel; unset ylabel
	set xrange [0 : 1]
	set yrange [0 : 1]
	set lmargin 2; set rmargin 0; set tmargin 0; set bmargin 0
	set key at graph 0, graph 1 left top Left reverse maxrows 1 samplen 2.5 width 2
	plot -1 with lines notitle, \
		for [s = 1 : 2] keyentry with points lc rgb word(side_colours, s) pt int(word(side_shapes, s)) ps mark(format) title side_title(s)
	unset multiplot
}
