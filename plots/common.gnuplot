# What all plots share: names, colours, the canvas, panels. Loaded once, before the first plot.
#
# Every name of a run comes from names.tsv as a value and is never a part of a script; see README.md.

set encoding utf8
set datafile separator tab
set datafile commentschars ''

subtitle = ''
panel_names = ''
series_names = ''
rest_names = '' # series that are not drawn, as many as shall be named
bar_names = ''
part_names = ''
stats 'names.tsv' using (kind = strcol(1), name = strcol(2), \
	kind eq 'subtitle' ? (subtitle = name) : \
	kind eq 'panel' ? (panel_names = panel_names . ' ' . name) : \
	kind eq 'series' ? (series_names = series_names . ' ' . name) : \
	kind eq 'rest' ? (rest_names = rest_names . ' ' . name) : \
	kind eq 'bar' ? (bar_names = bar_names . ' ' . name) : (part_names = part_names . ' ' . name), 0) nooutput

# Okabe and Ito's palette, which people with any colour vision can tell apart; shapes differ as well.
colours = '#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #6A3D9A #000000'
# Series beyond the eight colours, and references such as CPython (in the colour of their counterpart), are dashed and
# have open shapes.
shapes = '7 5 9 13 11 15 3 2'
open_shapes = '6 4 8 12 10 14 1 2'
look(s) = int(word(series_colours, s))
dashed(s) = int(word(series_dashed, s))
colour(s) = word(colours, look(s))
dash(s) = dashed(s) ? 2 : 1
mark(format) = format eq 'svg' ? 0.65 : 0.9
shape(s) = int(word(dashed(s) ? open_shapes : shapes, look(s)))
ink = '#222222'
faint = '#8a8a8a'

# A long name without its middle, so that its end still tells it from others.
shorten(name, n) = strlen(name) > n ? substr(name, 1, n / 2 - 1) . '..' . substr(name, strlen(name) - n / 2 + 2, strlen(name)) : name
longest = 0 # set by measure()
longer(name) = (longest = strlen(name) > longest ? strlen(name) : longest)
measure(names) = (longest = 0, words(names) == 0 ? 0 : (sum [i = 1:words(names)] longer(word(names, i))), longest)

# eval canvas(WIDTH, HEIGHT): begins the picture, that many points wide and high; wider if the subtitle
# needs it. A PNG has up to twice the resolution, for slides.
subtitle = strlen(subtitle) > 120 ? substr(subtitle, 1, 118) . '..' : subtitle
at_least(width) = width > 28 + 7.2 * strlen(subtitle) ? width : 28 + 7.2 * strlen(subtitle)
canvas(width, height) = sprintf('W = %d; H = %d; zoom = W * H < 600000 ? 2 : 1.4;', at_least(width), height) . 'set terminal ' . (format eq 'svg' \
	? "svg size W, H fixed font 'DejaVu Sans,13' background '#ffffff' noenhanced" \
	: "pngcairo size zoom * W, zoom * H font 'DejaVu Sans,10' fontscale zoom linewidth zoom pointscale zoom background '#ffffff' noenhanced") \
	. '; set output picture; set border 3 lc rgb faint; set tics nomirror out scale 0.5 textcolor rgb ink' \
	. "; set grid lc rgb '#e2e2e2' lt 1 lw 1; set key noenhanced textcolor rgb ink; set datafile separator tab"

# The heading takes this much of the height; eval heading(TITLE) writes it, once in a picture.
heading_height = 64
size(points) = format eq 'svg' ? points : points * 0.77
heading(title) = sprintf("set label 101 '%s' at screen 14. / W, screen 1 - 22. / H font ',%g' textcolor rgb ink;", title, size(18)) \
	. sprintf("set label 102 subtitle at screen 14. / W, screen 1 - 46. / H font ',%g' textcolor rgb '#555555' noenhanced", size(12))

# eval place(X, Y, WIDTH, HEIGHT): the next plot's place in points from the top left, below the heading.
place(x, y, w, h) = sprintf('set origin %g, %g; set size %g, %g', x * 1. / W, 1 - (heading_height + y + h) * 1. / H, w * 1. / W, h * 1. / H)

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
legend_text = measure(series_names) > legend_most ? legend_most : longest < legend_least ? legend_least : longest
legend_width = 85 + 8.2 * legend_text
rest_shown = words(rest_names)
rest_title(i) = i == 0 ? 'not drawn:' : i <= rest_shown ? '  ' . shorten(word(rest_names, i), legend_most - 2) : sprintf('  and %d more', all_series - series - rest_shown)
rest_entries = all_series > series ? rest_shown + (all_series - series > rest_shown) : -1 # from 0
legend_height(others) = 30 + 22 * (series + others + rest_entries + 1)
legend(x, y, w, h) = place(x, y, w, h) . '; unset border; unset tics; unset grid; unset xlabel; unset ylabel; unset title; unset logscale' \
	. '; set xrange [0:1]; set yrange [0:1]; set lmargin 0; set rmargin 0; set tmargin 1; set bmargin 0' \
	. '; set key at graph 0, graph 1 left top Left reverse maxcols 1 samplen 3.5 spacing ' . (format eq 'svg' ? '1.0' : '1.35') # both 22 points a line
