# What the plots of gates share: names, looks of the sides and of the verdicts. Loaded before each.

load 'plots/shared.gnuplot'

eval names('panel')
eval names('pair_panel')
eval names('round_panel')
eval names('cell')

# A, B, control, dropped
side_colours = '#0072B2 #D55E00 #8a8a8a #a8a8a8'
side_shapes = '7 9 4 2'
side_title(s) = s == 1 ? 'A, the baseline' : s == 2 ? 'B, the contender' : s == 3 ? 'A again (control)' : 'of a dropped block'

# What is drawn of a pair: B, control, means
pair_colours = '#0072B2 #8a8a8a #CC79A7'
pair_shapes = '7 4 6'
pair_colour(k) = word(pair_colours, k)
pair_title(k) = k == 1 ? 'a pair' : k == 2 ? 'A again against A (control)' : 'a pair, by means of all rounds'

# By rank: failed, regressed, cannot tell, regressed but allowed, pass, unchanged
verdict(rank) = rank == 1 ? 'regressed' : rank == 2 ? 'cannot tell' : rank == 3 ? 'regressed, allowed' : 'pass'
verdict_colours = '#D55E00 #D55E00 #8C6D31 #CC79A7 #009E73 #009E73'
verdict_shapes = '7 7 5 6 9 9'
verdict_colour(rank) = word(verdict_colours, rank + 1)
