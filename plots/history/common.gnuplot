# What the plots of histories share: names and numbers of the panels, and how a direction looks. Loaded once, before
# the first.

load 'plots/shared.gnuplot'

panel_names = ''
unit_names = ''
tick_names = ''
commits = ''
stats 'names.tsv' using (kind = strcol(1), name = strcol(2), \
	kind eq 'panel' ? (panel_names = panel_names . ' ' . name) : \
	kind eq 'unit' ? (unit_names = unit_names . ' ' . name) : \
	kind eq 'tick' ? (tick_names = tick_names . ' ' . name) : \
	kind eq 'commit' ? (commits = commits . ' ' . name) : 0, 0) nooutput

number(list, p) = real(word(list, p))
change_colour(percent) = percent > 0 ? '#D55E00' : '#009E73'

# A value if its line belongs to panel p, the variable of the plot's loop.
own(value) = column(1) == p ? value : NaN
