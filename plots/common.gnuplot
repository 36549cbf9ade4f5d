# What the plots of runs share: names, looks of the series, the axis of workers, the legend. Loaded before each.

load 'plots/shared.gnuplot'

eval names('panel')
eval names('series')
eval names('rest') # series that are not drawn, as many as shall be named
eval names('bar')
eval names('part')
eval names('latency')

# Series beyond the eight colours, and references such as CPython (in the colour of their counterpart), are dashed and
# have open shapes.
shapes = '7 5 9 13 11 15 3 2'
open_shapes = '6 4 8 12 10 14 1 2'
look(s) = int(word(series_colours, s))
dashed(s) = int(word(series_dashed, s))
colour(s) = word(colours, look(s))
dash(s) = dashed(s) ? 2 : 1
shape(s) = int(word(dashed(s) ? open_shapes : shapes, look(s)))

# The number of workers as x axis: as it is up to 8, in powers of two beyond.
many_workers = workers_most > 8
one_count = workers_least == workers_most
step = series > 1 ? (one_count ? 0.7 : workers_most <= 4 ? 0.5 : 0.16) / series : 0 # lines stand a little apart, else they hide each other
shift(s) = (s - (series + 1) / 2.) * (step < 0.05 || one_count ? step : 0.05)
x_of(workers, s) = many_workers ? workers * 2 ** shift(s) : workers + shift(s)
x_axis = "set xlabel 'workers' textcolor rgb ink;" . (many_workers \
	? 'set logscale x 2; set xrange [workers_least / 1.5 : workers_most * 1.5];' . (one_count ? 'set xtics (workers_most)' : "set xtics 2 format '%.0f'") \
	: "set xrange [workers_least - 0.6 : workers_most + 0.6]; set xtics 1 format '%.0f'")

# A value of points.tsv if its line belongs to panel p and series s, the variables of the plot's loops.
own(value) = column(1) == p && column(2) == s ? value : NaN

# eval legend(X, Y, WIDTH, HEIGHT): an empty plot at that place, with the key of all series.
legend_most = 34 # characters of a name that it shows
legend_least = 16 # its own words
legend_text = series_longest > legend_most ? legend_most : series_longest < legend_least ? legend_least : series_longest
legend_width = 85 + 8.2 * legend_text
rest_title(i) = i == 0 ? 'not drawn:' : i <= rest_count ? '  ' . shorten(rest_names[i], legend_most - 2) : sprintf('  and %d more', all_series - series - rest_count)
rest_entries = all_series > series ? rest_count + (all_series - series > rest_count) : -1 # from 0
legend_height(others) = 30 + 22 * (series + others + rest_entries + 1)
legend(x, y, w, h) = place(x, y, w, h) . '; unset border; unset tics; unset grid; unset xlabel; unset ylabel; unset title; unset logscale' \
	. '; set xrange [0:1]; set yrange [0:1]; set lmargin 0; set rmargin 0; set tmargin 1; set bmargin 0' \
	. '; set key at graph 0, graph 1 left top Left reverse maxcols 1 samplen 3.5 spacing ' . (format eq 'svg' ? '1.0' : '1.35') # both 22 points a line
