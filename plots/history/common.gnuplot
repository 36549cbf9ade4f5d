# What the plots of histories share: names and numbers of the panels, and how a direction looks. Loaded before each.

load 'plots/shared.gnuplot'

eval names('panel')
eval names('unit')
eval names('tick')
eval names('commit')

number(list, p) = real(word(list, p))
change_colour(percent) = percent > 0 ? '#D55E00' : '#009E73'

# A value if its line belongs to panel p, the variable of the plot's loop.
own(value) = column(1) == p ? value : NaN
