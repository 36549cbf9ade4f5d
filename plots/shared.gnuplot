# What all plots share: palette, canvas, heading. Loaded first by the common.gnuplot of each folder of plots.
#
# Every name comes from names.tsv as a value and is never a part of a script; see README.md.

set encoding utf8
set datafile separator tab
set datafile commentschars ''

# A PNG has only what the fonts here can show.
name_file = format eq 'png' ? 'names.png.tsv' : 'names.tsv'

# eval names('cell'): reads the names of a kind: their number cell_count, cell_names[1], ..., and the columns that the
# longest takes, cell_longest.
names(kind) = sprintf("kind = '%s'; %s_count = 0; %s_longest = 0;", kind, kind, kind) \
	. sprintf("stats name_file using (strcol(1) eq kind ? (%s_count = %s_count + 1) : 0, 0) nooutput;", kind, kind) \
	. sprintf("array %s_names[%s_count + 1]; n = 0;", kind, kind) \
	. sprintf("stats name_file using (strcol(1) eq kind ? (n = n + 1, %s_names[n] = strcol(2), %s_longest = $3 > %s_longest ? $3 : %s_longest) : 0, 0) nooutput", kind, kind, kind, kind)
eval names('subtitle')

# Okabe and Ito's palette, which people with any colour vision can tell apart; shapes differ as well.
colours = '#0072B2 #D55E00 #009E73 #CC79A7 #E69F00 #56B4E9 #6A3D9A #000000'
mark(format) = format eq 'svg' ? 0.65 : 0.9
ink = '#222222'
faint = '#8a8a8a'

# A long name without its middle, so that its end still tells it from others.
shorten(name, n) = strlen(name) > n ? substr(name, 1, n / 2 - 1) . '..' . substr(name, strlen(name) - n / 2 + 2, strlen(name)) : name

# A name as the label of a tic, which gnuplot takes for a format. eval row_names('cell', 40) labels the rows of a picture
# with the names of a kind, each of so many characters at most.
tic(name) = strstrt(name, '%') ? name[1 : strstrt(name, '%')] . '%' . tic(name[strstrt(name, '%') + 1 : *]) : name
row_names(kind, most) = 'set ytics () noenhanced scale 0;' \
	. sprintf('set for [i = 1 : %s_count] ytics add (tic(shorten(%s_names[i], %d)) i)', kind, kind, most)

# eval canvas(WIDTH, HEIGHT): begins the picture, that many points wide and high; wider if the subtitle
# needs it. A PNG has up to twice the resolution, for slides.
subtitle = subtitle_count == 0 ? '' : strlen(subtitle_names[1]) > 120 ? substr(subtitle_names[1], 1, 118) . '..' : subtitle_names[1]
subtitle_width = 28 + 7.2 * (subtitle_longest < 120 ? subtitle_longest : 120)
at_least(width) = width > subtitle_width ? width : subtitle_width
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
