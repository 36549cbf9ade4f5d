# What the plots of comparisons share: names, and how a direction looks. Loaded before each.

load 'plots/shared.gnuplot'

eval names('cell')

# Directions are -1 (less time), 0 (not shown) and 1 (more).
direction_colour(sign) = sign < 0 ? '#0072B2' : sign > 0 ? '#D55E00' : '#8a8a8a'
