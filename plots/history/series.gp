# What every run measured, in the order of the runs, with the levels between change points and the commits to blame
# place: 10
if (panels > 0) {
	height = panels == 1 ? 360 : panels == 2 ? 270 : 214
	eval canvas(1000, heading_height + panels * height + 10)

	set multiplot
	unset key
	set lmargin at screen 80. / W
	set rmargin at screen 1 - 20. / W
	set format y '%g'
	do for [p = 1 : panels] {
		runs = number(panel_runs, p)
		eval place(0, (p - 1) * height, W, height)
		set tmargin at screen 1 - (heading_height + (p - 1) * height + 44.) / H
		set bmargin at screen 1 - (heading_height + p * height - 38.) / H
		set xrange [0.5 : runs + 0.5]
		set yrange [number(panel_least, p) : number(panel_most, p)]
		set ylabel unit_names[p] noenhanced textcolor rgb ink
		set xtics () out scale 0.5 textcolor rgb ink
		do for [i = 1 : tick_count] {
			if (number(tick_panel, i) == p) { set xtics add (tic(tick_names[i]) number(tick_at, i)) }
		}

		# Labels of changes close together would hide each other: a change too near to the one before has only a line.
		unset label
		unset arrow
		room = 0.165 * runs
		before = -runs
		do for [i = 1 : commit_count] {
			if (number(change_panel, i) == p) {
				at = number(change_at, i)
				percent = number(change_percent, i)
				set arrow from first at, graph 0 to first at, graph 1 nohead lw 1.5 dt 2 lc rgb change_colour(percent) front
				said = sprintf('%+.1f %%  ', percent) . (commit_names[i] eq '-' ? '' : commit_names[i])
				face = sprintf(',%g', size(12))
				if (at - before > room && at <= runs - room) {
					set label said at first at, graph 1 left offset 0, character 0.6 textcolor rgb change_colour(percent) font face noenhanced
					before = at
				}
				if (at - before > 2 * room && at > runs - room) {
					set label said at first at, graph 1 right offset 0, character 0.6 textcolor rgb change_colour(percent) font face noenhanced
					before = at
				}
			}
		}
		set label shorten(panel_names[p], 90) at graph 0, graph 1 left offset character 0, character 1.6 textcolor rgb ink font sprintf(',%g', size(13)) noenhanced
		if (p == 1) { eval heading('What changed, and when' . (all_panels > panels ? sprintf(' (%d of %d cells)', panels, all_panels) : '')) }
		many = runs > 200 # their intervals would hide everything
		plot 'points.tsv' using (own($2)):3:(many ? $3 : $4):(many ? $3 : $5) with yerrorbars pt 0 lw 1 lc rgb '#b9d7ea', \
			'points.tsv' using (own($2)):3 with points pt 7 ps (many ? 0.4 : 0.7) * mark(format) lc rgb '#0072B2', \
			'levels.tsv' using (own($2)):3 with lines lw 2.5 lc rgb ink
	}
	unset multiplot
}
