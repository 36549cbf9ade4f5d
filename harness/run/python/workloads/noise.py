"""Numbers that look random, the same as workloads/parts/random.h makes."""
MASK = (1 << 64) - 1


def mix(x):
    x = (x + 0x9e3779b97f4a7c15) & MASK
    x = ((x ^ x >> 30) * 0xbf58476d1ce4e5b9) & MASK
    x = ((x ^ x >> 27) * 0x94d049bb133111eb) & MASK
    return x ^ x >> 31


def below(x, limit):
    return x * limit >> 64


def places(item, updates, limit):
    """Where the updates of an item go."""
    return [below(mix(item * updates + i), limit) for i in range(updates)]
